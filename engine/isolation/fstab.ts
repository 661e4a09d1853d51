import path from "node:path"
import { EngineError } from "../errors.js"

/** One line of an fstab(5). */
export interface Mount {
  source: string
  target: string
  type: string
  options: string[]
}

/** The text of an fstab(5), in the order of mounting. */
export function fstab(mounts: readonly Mount[]): string {
  return mounts
    .map(
      ({ source, target, type, options }) =>
        `${octal(source)} ${octal(target)} ${type} ${octal(options.join(","))} 0 0\n`,
    )
    .join("")
}

/** Spaces and the like are written in octal: fstab(5). */
function octal(field: string): string {
  return field.replace(/[\s\\#]/g, (character) => {
    const code = character.charCodeAt(0).toString(8).padStart(3, "0")
    return `\\${code}`
  })
}

// mount(2) takes one page of options.
const MOST_OPTIONS = 4000

/**
 * The options of an overlay: `userxattr` since user namespaces may not write
 * trusted attributes.
 *
 * @param lower folders, top first, relative to where mount runs or absolute
 * @throws EngineError when they are more than the kernel takes
 */
export function overlayOptions(
  lower: readonly string[],
  upper?: string,
): string[] {
  const options = [
    "userxattr",
    `lowerdir=${lower.map(escapeOverlay).join(":")}`,
  ]
  if (upper !== undefined) {
    options.push(
      `upperdir=${escapeOverlay(path.join(upper, "fs"))}`,
      `workdir=${escapeOverlay(path.join(upper, "work"))}`,
    )
  }
  if (options.join(",").length > MOST_OPTIONS) {
    throw new EngineError(
      `A container has ${lower.length} layers, which is more than Linux mounts at once: combine some of its steps.`,
    )
  }
  return options
}

/** Colons part the layers, commas the options: overlayfs has backslashes. */
function escapeOverlay(folder: string): string {
  return folder.replace(/[\\:,]/g, "\\$&")
}

/**
 * Options that a bind mount of this path has to keep: a user namespace may not
 * take them off (mount_namespaces(7)).
 *
 * @param mountinfo the text of /proc/self/mountinfo
 */
export function lockedOptions(mountinfo: string, source: string): string[] {
  let found = { target: "", options: "" }
  for (const line of mountinfo.split("\n")) {
    const [, , , , target = "", options = ""] = line.split(" ")
    const inside = target === "/" ? "/" : `${target}/`
    if (
      target !== "" &&
      target.length >= found.target.length &&
      `${source}/`.startsWith(inside)
    ) {
      found = { target, options }
    }
  }
  const kept = ["nosuid", "nodev", "noexec", "noatime", "nodiratime"]
  return found.options.split(",").filter((option) => kept.includes(option))
}
