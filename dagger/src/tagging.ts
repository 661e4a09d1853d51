import { normalisedName } from "./spelling.js"
import { type Table, table, text, texts } from "./toml.js"

/** How a project spells its tags. */
export interface Tagging {
  /** What its tags may begin with; `""` for those without a prefix. */
  prefixes: string[]
  /** Finds the version in what follows the prefix; it is all where missing. */
  pattern?: RegExp
  /** Of `git describe --match` and `--exclude`; none where all are taken. */
  match: RegExp[]
  exclude: RegExp[]
}

/** `v1.2.3` or `1.2.3`. */
export const PLAIN: Tagging = { prefixes: [""], match: [], exclude: [] }

/** A version in a tag, and what stands before it. */
interface VersionText {
  prefix: string
  text: string
}

/** Where a tag holds a number, the text of its version. */
export function versionText(
  tag: string,
  { prefixes, pattern, match, exclude }: Tagging,
): VersionText | undefined {
  const wanted = match.length === 0 || match.some((glob) => glob.test(tag))
  if (!wanted || exclude.some((glob) => glob.test(tag))) return undefined
  const prefix = prefixes.find((it) => tag.startsWith(it))
  if (prefix === undefined) return undefined
  const rest = tag.slice(prefix.length)
  if (pattern !== undefined) {
    const found = pattern.exec(rest)
    const version = found?.groups?.version ?? found?.[1]
    if (found === null || version === undefined) return undefined
    const before = rest.slice(0, found[0].indexOf(version))
    return splitV(prefix + before, version)
  }
  // Words before a number are spelling, those without one are other tags.
  return /\d/.test(rest) ? splitV(prefix, rest) : undefined
}

/** Keeps the project's habit of a `v` for the spelling that is proposed. */
function splitV(prefix: string, text: string): VersionText {
  const bare = /^v?\d/i.exec(text)
  const v = bare === null || /^v/i.test(text) ? "v" : ""
  return { prefix: /v$/i.test(prefix) ? prefix : prefix + v, text }
}

/** A glob of git's as a pattern: its `*` passes slashes here. */
function globPattern(glob: string): RegExp {
  const pattern = glob
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".")
    .replaceAll("[!", "[^")
  return new RegExp(`^${pattern}$`)
}

/** The globs that a `git describe` command takes with one of its flags. */
function describeGlobs(command: string[], flag: string): RegExp[] {
  return command.flatMap((word, index) => {
    if (word === flag) return globPattern(command[index + 1] ?? "*")
    const given = word.startsWith(`${flag}=`)
    return given ? globPattern(word.slice(flag.length + 1)) : []
  })
}

/** The words of a command as a shell splits them. */
function words(command: unknown): string[] {
  if (typeof command !== "string") return texts(command)
  const found = command.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []
  return found.map((word) => word.replace(/["']/g, ""))
}

/** A regular expression of Python's, matched at the start as `re.match` does. */
function pythonPattern(regex: string, file: string): RegExp {
  const translated = regex
    .replaceAll("(?P<", "(?<")
    .replaceAll("\\A", "^")
    .replaceAll("\\Z", "$")
  try {
    return new RegExp(`^(?:${translated})`)
  } catch {
    throw new Error(
      `The tag pattern in ${file} cannot be read outside of Python: ${regex}. Write one without inline flags and look-behind, or name the prefix of the tags: [tool.setuptools_scm.tag] prefix = "…".`,
    )
  }
}

/**
 * How a project's tags are spelled, by setuptools-scm's own settings: `tag`,
 * `tag_regex`, and the globs of `describe_command`. Without any, `v1.2.3`
 * and, for repositories of several packages, `NAME-v1.2.3` and `NAME/v1.2.3`.
 *
 * @param options - the settings as setuptools-scm names them
 * @param name - the project's name
 * @param file - where the settings are, for the error
 * @throws a sentence where the pattern is Python's alone
 */
export function readTagging(
  options: Table,
  name: string,
  file: string,
): Tagging {
  const tag = table(options.tag)
  const git = table(table(options.scm).git)
  const command = words(git.describe_command ?? options.git_describe_command)
  const regex = text(tag.regex) ?? text(options.tag_regex)
  const prefix = text(tag.prefix)
  const own = [name, normalisedName(name)]
  const ownPrefixes = own.flatMap((it) => [`${it}-`, `${it}/`])
  const given = prefix !== undefined || regex !== undefined
  return {
    prefixes: given ? [prefix ?? ""] : [...ownPrefixes, ""],
    ...(regex !== undefined && { pattern: pythonPattern(regex, file) }),
    match: describeGlobs(command, "--match"),
    exclude: describeGlobs(command, "--exclude"),
  }
}
