import { execFileSync } from "node:child_process"
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compare } from "@renovatebot/pep440"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { type Release, releases } from "../fixtures/releases.js"
import { type Driver, lockedPython, startDriver } from "../histories/driver.js"
import { pyproject } from "../histories/history.js"
import { versionAt } from "../histories/replay.js"

let driver: Driver
beforeAll(async () => {
  driver = startDriver(await lockedPython())
})
afterAll(() => driver?.stop())

/** A repository that grows by one commit for each release of a project. */
function growing(path: string, settings: string) {
  const git = (args: string[], time = 0) =>
    execFileSync("git", args, {
      cwd: path,
      encoding: "utf8",
      env: {
        PATH: process.env.PATH,
        HOME: path,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_AUTHOR_DATE: `${time} +0000`,
        GIT_COMMITTER_DATE: `${time} +0000`,
      },
    })
  mkdirSync(path)
  git(["init", "--quiet", "--initial-branch=main"])
  git(["config", "user.name", "Ada Example"])
  git(["config", "user.email", "ada@example.org"])
  return {
    /** Commits what the release's sdist holds, on the day it was uploaded. */
    commit({ sdist, version, time }: Release) {
      for (const entry of readdirSync(path))
        if (entry !== ".git") rmSync(join(path, entry), { recursive: true })
      const options = ["--strip-components=1", "--no-same-owner"]
      execFileSync("tar", ["xzf", sdist, "-C", path, ...options])
      // The settings are this test's: those of the time go, setup.py's too.
      for (const file of [".gitattributes", "setup.py", "setup.cfg"])
        rmSync(join(path, file), { force: true })
      writeFileSync(join(path, "pyproject.toml"), pyproject(settings))
      git(["add", "--all", "--force"])
      git(["commit", "--quiet", "--allow-empty", "-m", version], time)
    },
    tag({ version, time }: Release) {
      git(["tag", "-a", "-m", version, `v${version}`], time)
    },
  }
}

const MINORS = 'version_scheme = "semver-pep440-release-branch"'
const HISTORIES: [string, string, string, string][] = [
  ["pluggy", "the default scheme", "", "1.0.0.dev0"],
  ["python-dateutil", "next minor", MINORS, "2.9.0.post0"],
  ["typing-extensions", "the default scheme", "", "4.16.0rc2"],
  ["typing-extensions", "next minor", MINORS, "4.12.0a2"],
]

describe("over all releases that PyPI has of", () => {
  test.each(HISTORIES)(
    "%s, under %s, dev versions rise and tags give their own",
    async (name, _, settings, special) => {
      const all = await releases(name)
      expect(all.length).toBeGreaterThan(20)
      expect(all.map(({ version }) => version)).toContain(special)
      const path = join(mkdtempSync(join(tmpdir(), "replay-")), name)
      const repository = growing(path, settings)
      const made: string[] = []
      for (const release of all) {
        repository.commit(release)
        const dev = await versionAt(driver, path, "refs/heads/main")
        const before = made.at(-1)
        if (before !== undefined)
          expect(
            compare(dev.public, before),
            `${dev.public} after ${before}`,
          ).toBeGreaterThan(0)
        made.push(dev.public)
        repository.tag(release)
        const ref = `refs/tags/v${release.version}`
        const tagged = await versionAt(driver, path, ref)
        expect(tagged.public).toBe(release.version)
      }
      expect(new Set(made).size).toBe(all.length)
      rmSync(path, { recursive: true })
    },
    120_000,
  )
})
