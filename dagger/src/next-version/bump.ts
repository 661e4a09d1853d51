import { compare, eq, explain } from "@renovatebot/pep440"
import type { VersionTag } from "../tag.js"
import type { Level } from "./conventional.js"

/** The letters of pre-releases, in their order. */
export const PHASES = { alpha: "a", beta: "b", rc: "rc" } as const

export type Phase = keyof typeof PHASES

/** What is to be released. */
export type Wanted = Phase | "final" | "post"

/** What a version is decided on. */
export interface BumpFacts {
  wanted: Wanted
  /** Release tags at HEAD or behind it. */
  releases: VersionTag[]
  /** Versions of the tags that start a cycle, such as 0.6.0.dev0. */
  cycles: string[]
  /** The most that a commit asks for, and how many commits there are. */
  level: Level
  commits: number
  /** How many came after the newest release of any kind. */
  fresh: number
  /** Versions that cannot be had any more. */
  taken: string[]
}

/** The first version of a project (semver.org has it in its questions). */
const FIRST = "0.1.0"

type Read = NonNullable<ReturnType<typeof explain>>

function read(version: string): Read {
  return explain(version) as Read
}

/** The higher of two versions; of equal ones the second, as it is spelled. */
function higher(one: string, other: string): string {
  return compare(one, other) > 0 ? one : other
}

/** Epoch and numbers of a version: `1!2.0rc1` gives `1!2.0`. */
function releaseOf(version: string): string {
  const { epoch, release } = read(version)
  return `${epoch > 0 ? `${epoch}!` : ""}${release.join(".")}`
}

/** The tag of the highest release that is no pre-release; null for none. */
export function lastFinal(releases: VersionTag[]): VersionTag | null {
  const finals = releases.filter((it) => !read(it.version).is_prerelease)
  return finals.sort((a, b) => compare(b.version, a.version))[0] ?? null
}

/** The tag of the highest release of any kind; null for none. */
export function lastRelease(releases: VersionTag[]): VersionTag | null {
  return [...releases].sort((a, b) => compare(b.version, a.version))[0] ?? null
}

/**
 * The next final version after one. As semver has it, before 1.0 anything may
 * change: a breaking change is a minor there, and 1.0.0 is never made unasked.
 */
export function bumped(version: string, level: Level): string {
  const { epoch, release } = read(version)
  const [major = 0, minor = 0, patch = 0] = release
  const place = major === 0 && level === "major" ? "minor" : level
  const numbers =
    place === "major"
      ? [major + 1, 0, 0]
      : place === "minor"
        ? [major, minor + 1, 0]
        : [major, minor, patch + 1]
  return `${epoch > 0 ? `${epoch}!` : ""}${numbers.join(".")}`
}

/** The final version that the commits are on the way to. */
function target({ releases, cycles, level }: BumpFacts): string {
  const base = lastFinal(releases)?.version ?? null
  const next = base === null ? FIRST : bumped(base, level)
  // What was promised already: pre-releases, and the starts of cycles.
  const promised = [...releases.map((it) => it.version), ...cycles]
    .filter((it) => base === null || compare(it, base) > 0)
    .map(releaseOf)
  return promised.reduce(higher, next)
}

/** The same, past those that are out: nothing comes before them any more. */
function openTarget(facts: BumpFacts): string {
  const isOut = (version: string) =>
    facts.taken.some(
      (it) => eq(releaseOf(it), version) && compare(it, version) >= 0,
    )
  let next = target(facts)
  while (isOut(next)) next = bumped(next, "patch")
  return next
}

/** `free(next)` is the first of a row of versions that nobody has. */
function free(taken: string[], version: (step: number) => string): string {
  for (let step = 0; ; step++) {
    const next = version(step)
    if (!taken.some((it) => eq(it, next))) return next
  }
}

function finalVersion(facts: BumpFacts): string {
  const { releases, commits } = facts
  const base = lastFinal(releases)
  const promotes = lastRelease(releases)?.tag !== base?.tag
  if (commits === 0 && !promotes && base !== null) {
    throw new Error(
      `There is nothing to release: no commit came after ${base.tag}. A packaging fix of it is --post.`,
    )
  }
  return openTarget(facts)
}

function preVersion(facts: BumpFacts, phase: Phase): string {
  const { releases, fresh, taken } = facts
  const next = openTarget(facts)
  const newest = lastRelease(releases)
  const letter = PHASES[phase]
  const pre =
    newest !== null && eq(releaseOf(newest.version), next)
      ? read(newest.version).pre
      : null
  const [last = letter, number = 0] = pre ?? []
  if (newest !== null && fresh === 0 && last === letter) {
    throw new Error(
      `There is nothing to release: no commit came after ${newest.tag}.`,
    )
  }
  // By the alphabet, as PEP 440 orders them.
  if (last > letter) {
    throw new Error(
      `${newest?.tag} is out, and --pre=${phase} would be lower (${next}${letter}1). Pass --pre=rc for the next candidate, or none for ${next} itself.`,
    )
  }
  const from = last === letter ? Number(number) + 1 : 1
  return free(taken, (step) => `${next}${letter}${from + step}`)
}

function postVersion({ releases, taken }: BumpFacts): string {
  const base = lastFinal(releases)
  if (base === null) {
    throw new Error(
      "--post mends the packaging of a release, and no final release is behind HEAD. Leave it out.",
    )
  }
  const newest = lastRelease(releases) as VersionTag
  if (newest.tag !== base.tag) {
    throw new Error(
      `${newest.tag} is behind HEAD, so a post-release of ${base.version} would ship what ${newest.version} has. Make it on a branch from ${base.tag} (git switch -c post ${base.tag}).`,
    )
  }
  // pep440 has a number here, where its types say a list.
  const post = read(base.version).post
  const from = post === null ? 1 : Number(post) + 1
  const release = releaseOf(base.version)
  return free(taken, (step) => `${release}.post${from + step}`)
}

/**
 * The version to release next.
 *
 * @throws a sentence where there is nothing to release, or what is wanted
 *   would be lower than what there is
 */
export function nextOf(facts: BumpFacts): string {
  const { wanted } = facts
  if (wanted === "final") return finalVersion(facts)
  return wanted === "post" ? postVersion(facts) : preVersion(facts, wanted)
}

/** What `--pre` and `--post` ask for. */
export function wantedBy(pre: string, post: boolean): Wanted {
  if (pre !== "" && !Object.hasOwn(PHASES, pre)) {
    throw new Error(
      `--pre=${pre} is no kind of pre-release. Pass ${Object.keys(PHASES).join(", ")}, or leave it out for a final release.`,
    )
  }
  if (pre !== "" && post) {
    throw new Error(
      "--pre and --post do not go together: a post-release mends the packaging of a final one. Pass one of them.",
    )
  }
  return post ? "post" : pre === "" ? "final" : (pre as Phase)
}
