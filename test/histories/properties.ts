import { rmSync } from "node:fs"
import { compare } from "@renovatebot/pep440"
import { readProject } from "../../dagger/src/project.js"
import { releaseTags } from "../../dagger/src/tag.js"
import type { Driver } from "./driver.js"
import type { History } from "./history.js"
import { scmVersion, versionAt } from "./replay.js"
import { type Generated, generate } from "./repository.js"

/** How much a property has looked at, so that nobody takes nothing for proof. */
export interface Tally {
  histories: number
  commits: number
  releases: number
  /** Commits at which setuptools-scm alone would repeat, fall or fail. */
  mended: number
  /** Commits at which it must agree, and does. */
  agreed: number
}

export const emptyTally = (): Tally => ({
  histories: 0,
  commits: 0,
  releases: 0,
  mended: 0,
  agreed: 0,
})

async function within<Result>(
  history: History,
  path: string,
  look: (repository: Generated) => Promise<Result>,
): Promise<Result> {
  try {
    return await look(generate(history, path))
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}

function projectOf({ pyproject }: History) {
  const setup = { files: [], name: null, extras: [], dependent: false }
  const none = { git: null, dubious: false, gitFile: null, projects: [], setup }
  const facts = { ...none, settingsInSetup: false, tracked: true, pyproject }
  return readProject(facts, ".")
}

/**
 * Along the first parents of main, every dev version is new and higher than
 * the one before, and higher than every release behind its commit; the real
 * setuptools-scm prints it when told so; and each release tag gives exactly
 * its own version.
 */
export async function checkRising(
  driver: Driver,
  history: History,
  path: string,
  tally: Tally,
): Promise<void> {
  const { tagging } = projectOf(history)
  await within(history, path, async ({ states, enter }) => {
    let before = ""
    for (const state of states) {
      enter(state)
      const made = await versionAt(driver, path, "refs/heads/main")
      const { public: version } = made
      if (!/\.dev[1-9]\d*$/.test(version)) {
        throw new Error(`${version} is no dev version.`)
      }
      if (before !== "" && compare(version, before) <= 0) {
        throw new Error(`${version} comes after ${before}.`)
      }
      const [highest] = releaseTags(state.tagsBehind, tagging)
      if (highest && compare(version, highest.version) <= 0) {
        throw new Error(`${version} comes after the tag ${highest.tag}.`)
      }
      before = version
      tally.commits += 1
      for (const { tag, version } of releaseTags(state.tagsHere, tagging)) {
        const release = await versionAt(driver, path, `refs/tags/${tag}`)
        if (release.public !== version) {
          throw new Error(`The tag ${tag} gave ${release.public}.`)
        }
        tally.releases += 1
      }
    }
  })
  tally.histories += 1
}

/** A version that setuptools-scm makes alone; null where it fails. */
async function alone(driver: Driver, path: string): Promise<string | null> {
  try {
    return (await scmVersion(driver, path)).split("+")[0] ?? null
  } catch {
    return null
  }
}

/** Whether each version is there, and higher than the one before. */
function rising(versions: (string | null)[]): boolean {
  return versions.every((version, index) => {
    const last = versions[index - 1]
    if (version === null || last === null) return false
    return last === undefined || compare(version, last) > 0
  })
}

/**
 * Where setuptools-scm alone never repeats, falls or fails, the pipeline
 * makes the same versions, commit for commit. Both are asked for what a push
 * of main gives; alone, setuptools-scm says that before the tag is there.
 */
export async function checkAgreement(
  driver: Driver,
  history: History,
  path: string,
  tally: Tally,
): Promise<void> {
  await within(history, path, async ({ states, enter }) => {
    const all: (string | null)[] = []
    const lone: (string | null)[] = []
    const mine: string[] = []
    for (const state of states) {
      enter(state, "behind")
      lone.push(await alone(driver, path))
      enter(state)
      mine.push((await versionAt(driver, path, "refs/heads/main")).public)
      all.push(lone.at(-1) ?? null)
      if (state.tagsHere.length > 0) all.push(await alone(driver, path))
    }
    const agrees = rising(all)
    if (agrees && lone.join() !== mine.join()) {
      throw new Error(
        `setuptools-scm alone gives ${lone.join(" ")}; here ${mine.join(" ")}.`,
      )
    }
    if (agrees) tally.agreed += states.length
    else tally.mended += states.length
  })
  tally.histories += 1
}
