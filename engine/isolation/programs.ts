import {
  existsSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs"
import path from "node:path"
import { hasCode } from "../errors.js"
import { makeFolders } from "../filesystem/place.js"
import { digestOf } from "../values/digest.js"
import { isWithin } from "../values/within.js"
import type { RunRequest } from "./isolation.js"

const OWN = "/usr/local"
const BIN = `${OWN}/bin`

/**
 * A folder that stays, with the names that the image's programs go by: an
 * environment remembers where its interpreter was, and a root is gone when its
 * command has ended. The libraries lie beside it as in /usr/local: an
 * interpreter that was moved looks for them from there.
 *
 * @param root the container's, where links such as `python` are
 */
export function programFolder(
  { layers, binds }: Pick<RunRequest, "layers" | "binds">,
  root: string,
): string {
  const own = binds.filter(({ target }) => target.startsWith(`${OWN}/`))
  const isPart = (target: string) =>
    own.some((bind) => bind.target !== target && isWithin(target, bind.target))
  const links = new Map(
    own
      // Nothing is put into a folder of the machine.
      .filter(({ target }) => !isPart(target))
      .map(({ source, target }) => [path.posix.relative(OWN, target), source]),
  )
  const folder = path.join(root, BIN)
  // The root of somebody else's module has none.
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const place = path.join(folder, file)
    const name = `bin/${file}`
    if (!links.has(name) && lstatSync(place).isSymbolicLink()) {
      const target = readlinkSync(place)
      if (links.has(`bin/${target}`) || /^\/usr\/bin\//.test(target)) {
        links.set(name, target)
      }
    }
  }
  const kept = path.join(
    ...[path.dirname(layers), "programs"],
    digestOf("programs", [...links].sort()),
  )
  makeFolders(path.join(kept, "bin"))
  for (const [name, target] of links) {
    try {
      makeFolders(path.dirname(path.join(kept, name)))
      symlinkSync(target, path.join(kept, name))
    } catch (error) {
      if (!hasCode(error, "EEXIST")) {
        throw error
      }
    }
  }
  return path.join(kept, "bin")
}

/** A search path whose own programs are found where they stay. */
export function withPrograms(searchPath: string, programs: string): string {
  return searchPath
    .split(":")
    .flatMap((one) => (one === BIN ? [programs, one] : [one]))
    .join(":")
}
