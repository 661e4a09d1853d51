import type { LogCommit } from "./commits.js"

/** What a commit asks of the next version, the least first. */
export const LEVELS = ["none", "patch", "minor", "major"] as const

export type Level = (typeof LEVELS)[number]

/** What the types of https://www.conventionalcommits.org/ ask for. */
const TYPES: Record<string, Level> = {
  feat: "minor",
  fix: "patch",
  perf: "patch",
  revert: "patch",
  // What people who install the release do not notice.
  build: "none",
  chore: "none",
  ci: "none",
  docs: "none",
  refactor: "none",
  style: "none",
  test: "none",
}

const HEADER = /^([a-z][\w-]*)(?:\([^()]+\))?(!?): +\S/i
const FOOTER = /^BREAKING[ -]CHANGE: *\S/m
/** The subject that git, GitHub and GitLab give merges. */
const MERGE = /^Merge (branch|tag|commit|pull request|remote-tracking|.* into )/
/** The subject of a squash merge ends with the number of its pull request. */
const SQUASHED = /\([#!]\d+\)$/
const BULLET = /^\s*[*-] +(?=[a-z])/i

/** The higher of two levels. */
export function higher(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) > LEVELS.indexOf(b) ? a : b
}

/** What a line asks for; undefined where it is not conventional. */
function headerLevel(line: string): Level | undefined {
  const header = HEADER.exec(line)
  if (header === null) return undefined
  const [, type = "", breaking] = header
  return breaking === "!" ? "major" : (TYPES[type.toLowerCase()] ?? "patch")
}

/** What a commit asks for, and whether it says so as the convention has it. */
export interface Asked {
  level: Level
  conventional: boolean
}

function asked(lines: string[], other: Level): Asked {
  const levels = lines.flatMap((line) => headerLevel(line) ?? [])
  return levels.length > 0
    ? { level: levels.reduce(higher), conventional: true }
    : { level: other, conventional: other === "none" }
}

/**
 * What a commit asks of the next version.
 *
 * `!` and a BREAKING CHANGE footer are major, `feat` is minor. A squash merge
 * also asks for what the commits listed in it did; a merge for what the title
 * of its pull request says, if that says anything, as the commits it brings
 * count by themselves. What is not conventional may have mended something.
 */
export function askedBy({ message, parents }: LogCommit): Asked {
  const [subject = "", ...body] = message.split(/\r?\n/)
  const breaking = FOOTER.test(message)
  const read = () => {
    if (parents.length > 1 && MERGE.test(subject)) {
      const title = body.find((line) => line.trim() !== "") ?? ""
      return asked([title], "none")
    }
    const listed = SQUASHED.test(subject)
      ? body.filter((line) => BULLET.test(line))
      : []
    const lines = listed.map((line) => line.replace(BULLET, ""))
    return asked([subject, ...lines], "patch")
  }
  const { level, conventional } = read()
  return { level: breaking ? "major" : level, conventional }
}
