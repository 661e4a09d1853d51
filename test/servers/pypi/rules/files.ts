import { field } from "../form.js"
import { filesOf, normalised } from "../holdings.js"
import {
  isWheel,
  partsOf,
  projectOf,
  type Rule,
  releaseOf,
  storedFiles,
  type Upload,
} from "./upload.js"

const DAY = 24 * 3600 * 1000
const RELEASE_OPEN_DAYS = 14

/** What the file is called. */
export const fileNames: Rule[] = [
  ({ form, file }) => {
    const expected = normalised(field(form, "name")).replace(/-/g, "_")
    if (isWheel(file.name)) {
      const right = partsOf(file.name).start.toLowerCase() === expected
      return !right && { id: "filename-start", expected }
    }
    const { version } = partsOf(file.name)
    const whole = `${expected}-${version}.tar.gz`
    return file.name !== whole && { id: "filename", expected: whole }
  },
  ({ form, file }) => {
    const expected = field(form, "version")
    const value = partsOf(file.name).version
    return value !== expected && { id: "filename-version", expected, value }
  },
]

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`
const gigabytes = (bytes: number) => `${bytes / 1024 ** 3} GB`

/** How large it is, and whether it is what was sent. */
export const sizes: Rule[] = [
  ({ file, switches }) =>
    file.size > switches.largestFile && {
      id: "file-too-large",
      value: megabytes(switches.largestFile),
    },
  (it) => {
    const { file, switches } = it
    const size = storedFiles(it).reduce(
      (sum, each) => sum + each.size,
      file.size,
    )
    const value = gigabytes(switches.largestProject)
    return size > switches.largestProject && { id: "project-too-large", value }
  },
  ({ form, file }) => {
    const said = [
      [field(form, "md5_digest"), file.md5],
      [field(form, "sha256_digest"), file.sha256],
      [field(form, "blake2_256_digest"), file.blake2],
    ] as const
    const wrong = said.some(
      ([digest, found]) => digest !== "" && digest.toLowerCase() !== found,
    )
    return wrong && "digest"
  },
]

/** The stored file that is the same under name and bytes. */
export function identical(upload: Upload): boolean {
  const { file } = upload
  return storedFiles(upload).some(
    (it) => it.name === file.name && it.sha256 === file.sha256,
  )
}

/** What is there already. */
export const duplicates: Rule[] = [
  ({ file, holdings }) => {
    const all = [...holdings.projects.values()].flatMap(filesOf)
    const taken = all.find(
      (it) => it.name === file.name || it.blake2 === file.blake2,
    )
    return (
      taken !== undefined && {
        id: "file-exists",
        file: taken.name,
        blake2: taken.blake2,
      }
    )
  },
  (it) => projectOf(it)?.deleted.has(it.file.name) && "file-deleted",
  (it) => {
    const created = releaseOf(it)?.created.getTime() ?? it.now
    return it.now - created > RELEASE_OPEN_DAYS * DAY && "release-closed"
  },
  (it) => {
    const files = [...(releaseOf(it)?.files.values() ?? [])]
    const second = files.some((each) => each.kind === "sdist")
    return field(it.form, "filetype") === "sdist" && second && "second-sdist"
  },
]
