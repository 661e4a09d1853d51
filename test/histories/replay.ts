import { type Facts, readCommit } from "../../dagger/src/facts.js"
import {
  type Counted,
  nextQuestion,
  publicVersion,
} from "../../dagger/src/next.js"
import { readProject } from "../../dagger/src/project.js"
import { provider } from "../../dagger/src/provider.js"
import { buildOf } from "../../dagger/src/ref.js"
import type { Driver } from "./driver.js"

/** What the pipeline makes of a commit. */
export interface Made extends Counted {
  public: string
  kind: "tag" | "cycle" | "branch" | "request"
}

/**
 * The version of what is checked out, as `version` makes it: the same
 * decisions, the same tools, only without a container for each. Then the real
 * setuptools-scm is told what a build is told, and must print that version.
 */
export async function versionAt(
  driver: Driver,
  root: string,
  ref: string,
): Promise<Made> {
  const facts = await driver.ask<Facts>({ ask: "facts", root })
  const project = readProject(facts, ".")
  const commit = readCommit(facts)
  const build = buildOf({ ref, project, commit })
  const counted: Counted =
    "version" in build
      ? { ...build, distance: 0, guessed: false }
      : orThrow(
          await driver.ask<Answer<Counted>>({
            ask: "next",
            root,
            request: nextQuestion({ project, commit, build }),
          }),
        )
  const version = publicVersion(counted.version)
  const { distance } = counted
  const told = { project, commit, version, distance }
  const environment = provider(project.provider).environment(told)
  const printed = await scmVersion(driver, root, environment)
  if (printed !== version) {
    throw new Error(`Told ${version}, setuptools-scm prints ${printed}.`)
  }
  return { ...counted, public: version, kind: build.kind }
}

type Answer<Value> = Value | { error: string }

function orThrow<Value extends object>(answer: Answer<Value>): Value {
  if ("error" in answer) throw new Error(answer.error)
  return answer
}

/** What setuptools-scm's own command line prints. */
export async function scmVersion(
  driver: Driver,
  root: string,
  environment: Record<string, string> = {},
): Promise<string> {
  const question = { ask: "scm" as const, root, environment }
  const { version } = orThrow(
    await driver.ask<Answer<{ version: string }>>(question),
  )
  return version
}
