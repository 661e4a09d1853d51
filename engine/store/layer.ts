import path from "node:path"

/**
 * Where a layer is, relative to the folder of layers. A layer of the store is
 * named `ID`, or `ID/PATH` for a folder in it; a host folder by its path.
 *
 * @example layerFolder("9f86d081/dist") // "9f86d081/fs/dist"
 */
export function layerFolder(layer: string): string {
  if (path.isAbsolute(layer)) {
    return layer
  }
  const [id = "", ...inside] = layer.split("/")
  return path.join(id, "fs", ...inside)
}
