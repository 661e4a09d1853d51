import path from "node:path"
import { EngineError } from "../errors.js"
import { lookAt } from "../filesystem/place.js"
import { layerFolder } from "../store/layer.js"
import type { RunRequest } from "./isolation.js"

/**
 * Refuses a container that has a link where a folder of its own lies in one of
 * this machine: it is mounted from outside, where a link leads to the machine.
 */
export function refuseLinks({
  layers,
  root,
  binds,
}: Pick<RunRequest, "layers" | "root" | "binds">): void {
  const folders = root.layers.map((layer) =>
    path.resolve(layers, layerFolder(layer)),
  )
  const isLink = (place: string) => {
    const [top] = folders.flatMap((one) => lookAt(path.join(one, place)) ?? [])
    return top?.isSymbolicLink() === true
  }
  for (const own of binds.flatMap(({ except = [] }) => except)) {
    const names = own.split("/").filter(Boolean)
    const link = names
      .map((_, index) => `/${names.slice(0, index + 1).join("/")}`)
      .find(isLink)
    if (link !== undefined) {
      throw new EngineError(
        `${link} is a symbolic link in this container, but has to be a folder of its own for the base image's programs: leave it as it is.`,
      )
    }
  }
}
