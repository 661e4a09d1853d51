/**
 * Takes steps on GitHub, one after the other: a question on stdin, what became
 * of each on stdout. Nothing is tried twice here, as a step without an answer
 * may have been taken: whoever asks looks again.
 *
 *     node act.ts FOLDER < question.json
 */
import { readFile } from "node:fs/promises"
import type { Step } from "../../src/github/facts.ts"
import { failureOf, type GitHub, HEADERS, passes, sentence } from "./octokit.ts"
import { program } from "./program.ts"
import { isRequestFault } from "./whole.ts"

export interface ActQuestion {
  owner: string
  repo: string
  steps: Step[]
  /** The folder that uploads are read from. */
  folder: string
}

type Do = (
  github: GitHub,
  at: { owner: string; repo: string },
  step: never,
  folder: string,
) => Promise<unknown>

/** Rate limits are waited for; all else is for whoever asks. */
const ONCE = { headers: HEADERS, request: { retries: 0 } }

const DO: Record<Step["does"], Do> = {
  async tag(github, at, step: Extract<Step, { does: "tag" }>) {
    const { tag, commit, message } = step
    const { data } = await github.request(
      "POST /repos/{owner}/{repo}/git/tags",
      { ...at, ...ONCE, tag, message, object: commit, type: "commit" },
    )
    await github.request("POST /repos/{owner}/{repo}/git/refs", {
      ...{ ...at, ...ONCE, ref: `refs/tags/${tag}`, sha: data.sha },
    })
  },
  create: (github, at, step: Extract<Step, { does: "create" }>) =>
    github.request("POST /repos/{owner}/{repo}/releases", {
      ...{ ...at, ...ONCE, ...step.fields, tag_name: step.tag },
    }),
  discard: (github, at, step: Extract<Step, { does: "discard" }>) =>
    github.request("DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}", {
      ...{ ...at, ...ONCE, asset_id: step.asset },
    }),
  async upload(
    github,
    _,
    { to, name }: Extract<Step, { does: "upload" }>,
    folder,
  ) {
    const data = await readFile(`${folder}/${name}`)
    await github.request({
      ...{ ...ONCE, method: "POST", url: to, name, data },
      headers: {
        ...HEADERS,
        "content-type": "application/octet-stream",
        "content-length": String(data.length),
      },
    })
  },
  update: (github, at, step: Extract<Step, { does: "update" }>) =>
    github.request("PATCH /repos/{owner}/{repo}/releases/{release_id}", {
      ...{ ...at, ...ONCE, ...step.changes, release_id: step.release },
    }),
}

/** What a step is called, for people. */
function named(step: Step): string {
  if (step.does === "update") return `the update of release ${step.release}`
  const what = "name" in step ? step.name : step.tag
  return `the step ${step.does} of ${what}`
}

/**
 * Takes the steps. Where one may or may not have been taken, or somebody else
 * was faster, the rest is left.
 *
 * @returns why it stopped; null where all were taken
 * @throws where a step is refused for good
 */
export async function act(github: GitHub, question: ActQuestion) {
  const { owner, repo, steps, folder } = question
  for (const step of steps) {
    try {
      const run: Do = DO[step.does]
      await run(github, { owner, repo }, step as never, folder)
    } catch (error) {
      if (!isRequestFault(error)) throw error
      const failure = failureOf(error)
      const said = sentence(named(step), failure)
      const raced =
        failure.codes.includes("already_exists") ||
        /already exists/i.test(failure.words) ||
        (step.does === "discard" && failure.status === 404)
      // A limit without an end that is told: whoever asks waits.
      const limited = failure.status === 429
      if (passes(failure) || limited || raced) {
        return { stopped: said }
      }
      throw error
    }
  }
  return { stopped: null }
}

const { argv } = process
program<Omit<ActQuestion, "folder">>(
  import.meta.url,
  "a step",
  (github, asked) => act(github, { ...asked, folder: argv[2] ?? "." }),
)
