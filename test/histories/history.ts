import fc from "fast-check"

/** One thing that happens in a repository. Numbers are taken modulo. */
export type Event =
  /** A commit on main, so many seconds after the last of all. */
  | { does: "commit"; seconds: number }
  /** A commit on a side branch; a new one starts at an old commit. */
  | { does: "side"; branch: number; from: number; seconds: number }
  /** A side branch is merged into main. */
  | { does: "merge"; branch: number; seconds: number }
  /** Main is merged into a side branch. */
  | { does: "update"; branch: number; seconds: number }
  /** A tag, now, on a commit that may be old and on any branch. */
  | { does: "tag"; name: string; annotated: boolean; at: number | "main" }

/** A project and what happened in its repository. */
export interface History {
  /** Text of pyproject.toml. */
  pyproject: string
  events: Event[]
}

const SCHEMES = [
  "guess-next-dev",
  "semver-pep440",
  "semver-pep440-release-branch",
  "no-guess-dev",
  "calver-by-date",
  "only-version",
]

/** A project on setuptools-scm with these settings. */
export function pyproject(settings: string): string {
  return `[build-system]
requires = ["setuptools", "setuptools-scm"]
build-backend = "setuptools.build_meta"
[project]
name = "generated.history"
dynamic = ["version"]
[tool.setuptools_scm]
${settings}
`
}

/** Settings that stand in the way of feeding facts to setuptools-scm. */
const SETTINGS = [
  ...SCHEMES.map((scheme) => `version_scheme = "${scheme}"`),
  'scm = { git = { pre_parse = "fail_on_shallow" } }',
  'local_scheme = "no-local-version-strict"',
  'git_describe_command = "git describe --dirty --tags --long --match *"',
  'scm.git.describe_command = ["git", "describe", "--dirty", "--tags", "--long", "--match=v*"]',
  'tag_regex = "^v(?P<version>[0-9.]+.*)$"',
  "[tool.setuptools_scm.tag]\nstrict = true",
  'version_file = "_version.py"\nfallback_version = "0.0"',
]

const ODD = ["v1", "v1.0-foo", "release-2024-01", "v1.2.3+build5", "v0.4.dev3"]

/** `v1.2.3` and what may follow it, each about as often as in real life. */
const tagName = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(
        fc.integer({ min: 0, max: 1 }),
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom("", ".0", ".1", ".2", ".3"),
        fc.constantFrom(
          ...["", "", "", "", "rc1", "rc2", "a1", "b1", "-rc.3"],
          ...[".post1", ".post2", ".dev0", "rc1.dev0"],
        ),
      )
      .map(
        ([major, minor, patch, rest]) => `v${major}.${minor}${patch}${rest}`,
      ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...ODD) },
)

const seconds = fc.constantFrom(0, 0, 1, 60, 86_400, 3_000_000, -60)
const number = fc.nat({ max: 100 })
const branch = fc.nat({ max: 2 })
const annotated = fc.boolean()

/** `v23.11.14.1`, of the days on which the repositories are made. */
const dateName = fc
  .tuple(fc.integer({ min: 12, max: 19 }), fc.constantFrom("", ".0", ".1"))
  .map(([day, patch]) => `v23.11.${day}${patch}`)

const eventWith = (name: fc.Arbitrary<string>): fc.Arbitrary<Event> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ does: fc.constant("commit" as const), seconds }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        does: fc.constant("side" as const),
        branch,
        from: number,
        seconds,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant("merge" as const),
        branch,
        seconds,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant("update" as const),
        branch,
        seconds,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        does: fc.constant("tag" as const),
        name,
        annotated,
        at: fc.oneof(fc.constant("main" as const), number),
      }),
    },
  )

const history = (settings: string[], name: fc.Arbitrary<string>) =>
  fc.record({
    pyproject: fc.constantFrom(...settings).map(pyproject),
    events: fc.array(eventWith(name), { minLength: 6, maxLength: 30 }),
  })

/** Releases by date, some late, some early, some on the wrong branch. */
export const datedHistory: fc.Arbitrary<History> = history(
  ['version_scheme = "calver-by-date"'],
  dateName,
)

/** Anything that can happen. */
export const anyHistory: fc.Arbitrary<History> = fc.oneof(
  { weight: 9, arbitrary: history(SETTINGS, tagName) },
  { weight: 1, arbitrary: datedHistory },
)

/** What comes between two releases of an orderly project. */
const orderlyWork: fc.Arbitrary<Event[]> = fc.oneof(
  fc.constant<Event[]>([{ does: "commit", seconds: 60 }]),
  fc.record({ from: number, branch }).map(({ from, branch }): Event[] => [
    { does: "side", branch, from, seconds: 60 },
    { does: "merge", branch, seconds: 60 },
  ]),
)

/** By how much a release is higher than the last one. */
const bump = fc.constantFrom("major", "minor", "patch")

/**
 * Releases on main only, each higher than the last, at most one on a commit,
 * none a pre-release: where nothing collides, setuptools-scm is right alone.
 */
export const orderlyHistory: fc.Arbitrary<History> = fc.record({
  pyproject: fc
    .constantFrom(...SCHEMES.slice(0, 3))
    .map((scheme) => pyproject(`version_scheme = "${scheme}"`)),
  events: fc
    .array(
      fc.record({
        work: fc.array(orderlyWork, { minLength: 1, maxLength: 3 }),
        bump,
        annotated,
      }),
      { minLength: 1, maxLength: 5 },
    )
    .map((releases) => {
      const version = [0, 1, 0]
      return releases.flatMap(({ work, bump, annotated }): Event[] => {
        const place = ["major", "minor", "patch"].indexOf(bump)
        version[place] = (version[place] ?? 0) + 1
        version.fill(0, place + 1)
        const name = `v${version.join(".")}`
        return [...work.flat(), { does: "tag", name, annotated, at: "main" }]
      })
    }),
})
