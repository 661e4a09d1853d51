import type { Directory } from "@dagger.io/dagger"
import type { DistFile, Manifest } from "./manifest.js"
import { normalisedName } from "./spelling.js"

/** A folder with a distribution, and what is known of its files. */
export interface DistFolder {
  directory: Directory
  manifest: Manifest
}

/** A file of a distribution, as its name tells. */
export interface NamedFile {
  name: string
  kind: DistFile["kind"]
  /** The project's name as file names spell it. */
  project: string
  version: string
  /** Python and platform tags of a wheel, `py2.py3` as two. */
  pythons: string[]
  platforms: string[]
}

/** The first wheel. */
export function wheelOf({ manifest }: DistFolder): DistFile {
  const wheel = manifest.files.find((file) => file.kind === "wheel")
  if (wheel === undefined) throw new Error("The build made no wheel.")
  return wheel
}

const SDIST = /^(?<project>.+)-(?<version>[^-]+)\.tar\.gz$/
// NAME-VERSION(-BUILD)?-PYTHON-ABI-PLATFORM.whl
const WHEEL =
  /^(?<project>[^-]+)-(?<version>[^-]+)(?:-[^-]+)?-(?<pythons>[^-]+)-[^-]+-(?<platforms>[^-]+)\.whl$/

/** The parts of a name that a pattern has in every match. */
function parts<Part extends string>(
  pattern: RegExp,
  name: string,
): Record<Part, string>[] {
  const found = pattern.exec(name)
  return found === null ? [] : [found.groups as Record<Part, string>]
}

function readName(name: string): NamedFile[] {
  const sdists = parts<"project" | "version">(SDIST, name)
  const wheels = parts<keyof NamedFile>(WHEEL, name)
  return [
    ...sdists.map(({ project, version }) => ({
      ...{ name, kind: "sdist" as const, project, version },
      ...{ pythons: [], platforms: [] },
    })),
    ...wheels.map(({ project, version, pythons, platforms }) => ({
      ...{ name, kind: "wheel" as const, project, version },
      ...{ pythons: pythons.split("."), platforms: platforms.split(".") },
    })),
  ]
}

/** The sdists and wheels among file names; others are passed over. */
export function releasesOf(names: string[]): NamedFile[] {
  return names.flatMap(readName)
}

/**
 * The sdists and wheels among file names, all of one project and version.
 *
 * @throws a sentence where there are none, or they are of several releases
 */
export function distFiles(names: string[]): [NamedFile, ...NamedFile[]] {
  const [first, ...others] = releasesOf(names)
  if (first === undefined) {
    throw new Error(
      "There is no sdist (.tar.gz) and no wheel (.whl) in the folder. Pass one that `build` made, or where your wheels are, with --dist.",
    )
  }
  const files: [NamedFile, ...NamedFile[]] = [first, ...others]
  const releases = new Set(
    files.map((file) => `${normalisedName(file.project)} ${file.version}`),
  )
  if (releases.size > 1) {
    const list = files.map((file) => file.name).join(", ")
    throw new Error(
      `The folder holds files of more than one release: ${list}. Leave those of one release in it.`,
    )
  }
  return files
}

const MACHINES: Record<string, string> = { x64: "x86_64", arm64: "aarch64" }

/** Whether a file installs on Linux with glibc, on this Python. */
export function installsOn(
  file: NamedFile,
  python: string,
  architecture: string,
): boolean {
  if (file.kind === "sdist") return true
  const tag = `cp${python.replace(".", "")}`
  const stable = file.name.includes("-abi3-")
  const machine = MACHINES[architecture] ?? architecture
  const platforms = new RegExp(`^(any|(many)?linux.*_${machine})$`)
  return (
    file.pythons.some((it) => it === "py3" || it === tag || stable) &&
    file.platforms.some((platform) => platforms.test(platform))
  )
}
