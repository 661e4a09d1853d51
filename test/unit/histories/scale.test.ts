import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"

import { lockedPython, startDriver } from "../../histories/driver.js"
import { pyproject } from "../../histories/history.js"
import { versionAt } from "../../histories/replay.js"

const COMMITS = 50_000
const TAGS = 5_000

/** A long history with merges, and a tag on every tenth commit. */
function* stream(text: string): Generator<string> {
  for (let mark = 1; mark <= COMMITS + 1; mark++) {
    const who = `Ada Example <ada@example.org> ${1_400_000_000 + 60 * mark} +0000`
    yield `commit refs/heads/main\nmark :${mark}\ncommitter ${who}\ndata 0`
    if (mark === 1)
      yield `M 100644 inline pyproject.toml\ndata ${text.length}\n${text}`
    else yield `from :${mark - 1}`
    if (mark > 20 && mark % 7 === 0) yield `merge :${mark - 5}`
    yield ""
    const tag = mark / 10
    if (Number.isInteger(tag) && tag <= TAGS) {
      const name = `v${Math.floor(tag / 100)}.${tag % 100}`
      yield `tag ${name}\nfrom :${mark}\ntagger ${who}\ndata 0\n`
    }
  }
}

test("a version of 50,000 commits with 5,000 tags takes seconds", async () => {
  const path = mkdtempSync(join(tmpdir(), "scale-"))
  const git = (args: string[], input?: string) =>
    execFileSync("git", args, { cwd: path, input })
  git(["init", "--quiet", "--initial-branch=main"])
  const text = pyproject('version_scheme = "semver-pep440-release-branch"')
  git(["fast-import", "--quiet"], [...stream(text)].join("\n"))
  git(["reset", "--quiet", "--hard"])
  const driver = startDriver(await lockedPython())
  try {
    const started = Date.now()
    const made = await versionAt(driver, path, "refs/heads/main")
    expect(Date.now() - started).toBeLessThan(10_000)
    expect(made).toMatchObject({ public: "50.1.0.dev1", tag: "v50.0" })
  } finally {
    driver.stop()
    rmSync(path, { recursive: true })
  }
}, 120_000)
