import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import { compare } from "@renovatebot/pep440"
import fc from "fast-check"
import { expect, test } from "vitest"

import {
  lastFinal,
  lastRelease,
  type Wanted,
} from "../../../../dagger/src/next-version/bump.js"
import type { Log } from "../../../../dagger/src/next-version/commits.js"
import { nextVersionOf } from "../../../../dagger/src/next-version/report.js"
import { readProject } from "../../../../dagger/src/project.js"
import { releaseTags } from "../../../../dagger/src/tag.js"
import {
  initRepository,
  type Repository,
} from "../../../fixtures/repository.js"
import { root } from "../../../root.js"
import { factsWith, SETUPTOOLS_SCM } from "../facts.js"

/** What happens in a repository. Numbers are taken modulo. */
type Event =
  | { does: "commit"; type: string; on: "main" | "side" }
  | { does: "merge" | "revert merge" }
  | { does: "revert"; which: number }
  | { does: "release"; wanted: Wanted }

/** More of them: `HISTORIES=150 npx vitest …`. */
const HISTORIES = Number(process.env.HISTORIES ?? 25)

const project = readProject(factsWith(SETUPTOOLS_SCM), ".")
const LEVELS: Record<string, number> = { "feat!": 3, feat: 2, fix: 1, docs: 0 }

const events: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        does: fc.constant("commit" as const),
        type: fc.constantFrom("feat!", "feat", "feat", "fix", "fix", "docs"),
        on: fc.constantFrom("main" as const, "main" as const, "side" as const),
      }),
    },
    fc.record({
      does: fc.constantFrom(
        "merge" as const,
        "merge" as const,
        "revert merge" as const,
      ),
    }),
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant("revert" as const),
        which: fc.nat(20),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        does: fc.constant("release" as const),
        wanted: fc.constantFrom<Wanted>(
          ...(["final", "final", "alpha", "rc", "post"] as const),
        ),
      }),
    },
  ),
  { minLength: 6, maxLength: 18 },
)

function readLog(at: string, since: string | null, newest: string | null): Log {
  const tool = join(root, "dagger/tools/commits.py")
  const printed = execFileSync("python3", [tool, "--root", at], {
    input: JSON.stringify({ since, newest }),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    encoding: "utf8",
  })
  return JSON.parse(printed)
}

function tagsBehind({ git }: Repository): string[] {
  return git("tag", "--merged", "HEAD").split("\n").filter(Boolean)
}

function next({ path, git }: Repository, wanted: Wanted) {
  const tags = tagsBehind({ path, git } as Repository)
  const releases = releaseTags(tags, project.tagging)
  const since = lastFinal(releases)?.tag ?? null
  const log = readLog(path, since, lastRelease(releases)?.tag ?? null)
  return nextVersionOf({ project, tags, wanted, log, held: null })
}

/** A repository in which each commit is a file, so that files tell it all. */
class Story {
  readonly repository = initRepository(mkdtempSync(join(tmpdir(), "story-")))
  /** Names of files, which are also the subjects, with the commit's id. */
  readonly made: { file: string; id: string }[] = []
  side = false
  merge: string | null = null

  commit(type: string, on: "main" | "side") {
    const { git, commit } = this.repository
    if (on === "side") git("switch", "--quiet", this.side ? "side" : "-cside")
    const file = `${type}-${this.made.length}`
    const id = commit(`${type}: ${file}`, { [file]: file })
    this.made.push({ file, id })
    if (on === "side") git("switch", "--quiet", "main")
    this.side ||= on === "side"
  }

  mergeSide() {
    if (!this.side) return
    const { git } = this.repository
    git("merge", "--quiet", "--no-ff", "--no-edit", "side")
    git("branch", "--quiet", "--delete", "--force", "side")
    this.side = false
    this.merge = git("rev-parse", "HEAD")
  }

  /** Whether git could: what is gone cannot be taken back. */
  revert(id: string, ...how: string[]) {
    const { git } = this.repository
    try {
      git("revert", "--no-edit", ...how, id)
    } catch {
      git("reset", "--quiet", "--hard")
    }
  }

  has(file: string): boolean {
    return existsSync(join(this.repository.path, file))
  }
}

/** The place in a version that files since the last final release ask for. */
function expectedLevel(story: Story, since: string | null): number {
  const { git } = story.repository
  const range = since === null ? "HEAD" : `${since}..HEAD`
  const ids = new Set(git("rev-list", range).split("\n"))
  const there = story.made.filter(
    ({ file, id }) => ids.has(id) && story.has(file),
  )
  const levels = there.map(({ file }) => LEVELS[file.replace(/-\d+$/, "")] ?? 0)
  return Math.max(1, ...levels)
}

/** The number of the place that a version differs in: 3 major, 1 patch. */
function moved(from: string, to: string): number {
  const a = from.split(/[.a-z]/)
  const b = to.split(/[.a-z]/)
  return 3 - [0, 1, 2].findIndex((place) => a[place] !== b[place])
}

function release(story: Story, wanted: Wanted, released: string[]) {
  const { repository } = story
  const releases = releaseTags(tagsBehind(repository), project.tagging)
  const last = lastFinal(releases)
  const promised = lastRelease(releases)?.tag !== last?.tag
  let found: ReturnType<typeof next>
  try {
    found = next(repository, wanted)
  } catch (error) {
    expect((error as Error).message).toMatch(
      /nothing to release|would be lower|no final release|would ship/,
    )
    return
  }
  const { version, tag } = found
  // The promises: never twice, always higher, and by the place that is asked.
  expect(released).not.toContain(version)
  for (const old of released) expect(compare(version, old)).toBeGreaterThan(0)
  if (wanted === "final" && last !== null && !promised) {
    const level = expectedLevel(story, last.tag)
    const zero = last.version.startsWith("0.") && level === 3
    expect(moved(last.version, version)).toBe(zero ? 2 : level)
  }
  released.push(version)
  repository.tag(tag)
}

test(
  "versions over generated histories of real git repositories rise, come once, and move by what is in the tree",
  async () => {
    await fc.assert(
      fc.asyncProperty(events, async (happened) => {
        // git is waited for; the runner wants to hear something meanwhile.
        await setImmediate()
        const story = new Story()
        const released: string[] = []
        for (const event of happened) {
          if (event.does === "commit") story.commit(event.type, event.on)
          if (event.does === "merge") story.mergeSide()
          if (event.does === "revert merge" && story.merge !== null) {
            story.revert(story.merge, "--mainline=1")
            story.merge = null
          }
          if (event.does === "revert" && !story.side) {
            const ids = story.repository
              .git("rev-list", "--no-merges", "--first-parent", "HEAD")
              .split("\n")
            const id = ids[event.which % ids.length] as string
            if (id !== ids.at(-1)) story.revert(id)
          }
          if (event.does === "release") release(story, event.wanted, released)
        }
        release(story, "final", released)
      }),
      { numRuns: HISTORIES },
    )
  },
  HISTORIES * 10_000,
)
