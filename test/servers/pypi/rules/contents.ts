import { isMinted, isWheel, partsOf, type Rule } from "./upload.js"

const PLATFORM =
  /^(any|win32|win_(amd64|arm64)|macosx_\d+_\d+_\w+|(many|musl)linux\d*_[\w]+|ios_\w+|android_\w+|pyodide_\w+|pyemscripten_\w+)$/
/** What is in the file. */
export const contents: Rule[] = [
  ({ file, archive: { members } }) => {
    const kind = isWheel(file.name) ? "zipfile" : "tarfile"
    const value = `File is not a ${kind}`
    return members === null && { id: "archive", value }
  },
  ({ file, archive: { members } }) => {
    const { start, version } = partsOf(file.name)
    const top = `${start}-${version}`
    const wheel = isWheel(file.name)
    const expected = wheel ? `${top}.dist-info/WHEEL` : `${top}/PKG-INFO`
    const what = wheel ? "WHEEL" : "PKG-INFO"
    const value = `${what} not found at ${expected}`
    return !members?.has(expected) && { id: "archive", value }
  },
  ({ file, archive: { members } }) => {
    const { start, version } = partsOf(file.name)
    const expected = `${start}-${version}.dist-info/RECORD`
    const wheel = isWheel(file.name)
    return wheel && !members?.has(expected) && { id: "record", expected }
  },
  ({ file }) => {
    if (!isWheel(file.name)) return undefined
    const tags = partsOf(file.name).tags
    const value = tags.find((tag) => !PLATFORM.test(tag))
    return value !== undefined && { id: "platform", value }
  },
  ({ form, file, archive: { members } }) => {
    const { start, version } = partsOf(file.name)
    const top = `${start}-${version}`
    const wheel = isWheel(file.name)
    for (const value of form.fields.get("license_files") ?? []) {
      const expected = wheel
        ? `${top}.dist-info/licenses/${value}`
        : `${top}/${value}`
      if (!members?.has(expected))
        return { id: "license-file", value, expected }
    }
    return undefined
  },
  (it) => it.form.fields.has("attestations") && !isMinted(it) && "attestations",
]
