import { existsSync, readdirSync, realpathSync, symlinkSync } from "node:fs"
import path from "node:path"
import { copyTree } from "../filesystem/copy.js"
import { makeFolders } from "../filesystem/place.js"
import type { HostBind } from "../isolation/isolation.js"
import { type Interpreter, minorName, ownPackages } from "./interpreter.js"
import type { Part } from "./part.js"

/** An interpreter of this machine, as an image has it. */
export function pythonPart(python: Interpreter): Part {
  const { version, executable } = python
  return {
    key: ["python", version, executable],
    files: [executable],
    binds: interpreterBinds(python),
    environment: { PYTHON_VERSION: version },
    install: (root) => installPython(root, python),
  }
}

/**
 * The interpreter lies at /usr/local, as in the real image: an environment
 * remembers the folder of the executable, and a link there to another prefix
 * would lead to the library of /usr. Its own prefix is there as well, for
 * what was compiled into it.
 */
function interpreterBinds(python: Interpreter): HostBind[] {
  const { prefix, packages } = python
  if (prefix === "/usr") {
    return []
  }
  const name = minorName(python)
  const library = `/usr/local/lib/${name}`
  const own = ownPackages(python)
  const files = readdirSync(path.join(prefix, "lib")).filter((file) =>
    file.startsWith(`lib${name}`),
  )
  const parts = [
    `bin/${name}`,
    `include/${name}`,
    ...files.map((file) => path.join("lib", file)),
  ]
  return [
    ...(prefix === "/usr/local"
      ? []
      : [{ source: prefix, target: prefix, except: [packages] }]),
    { source: `${prefix}/lib/${name}`, target: library, except: [own] },
    ...parts
      .filter((part) => existsSync(path.join(prefix, part)))
      .map((part) => ({
        source: realpathSync(path.join(prefix, part)),
        target: path.join("/usr/local", part),
      })),
  ]
}

/** The names it goes by, and pip where it has it: as in the real image. */
async function installPython(root: string, python: Interpreter): Promise<void> {
  const { executable, prefix, packages } = python
  const bin = path.join(root, "/usr/local/bin")
  const minor = minorName(python)
  if (prefix === "/usr") {
    symlinkSync(executable, path.join(bin, minor))
  }
  for (const name of ["python", "python3"]) {
    symlinkSync(minor, path.join(bin, name))
  }
  if (prefix !== "/usr") {
    const pip = readdirSync(packages).filter((name) => /^pip(-|$)/.test(name))
    for (const name of pip) {
      const target = path.join(root, ownPackages(python), name)
      makeFolders(target)
      await copyTree(path.join(packages, name), target)
    }
  }
}
