import { realpathSync } from "node:fs"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import {
  client,
  type Failure,
  failureOf,
  type GitHub,
  passes,
  sentence,
} from "./octokit.ts"
import { isRequestFault } from "./whole.ts"

/** Whether a file is the program that was started, and not imported. */
function isMain(file: string): boolean {
  const started = process.argv[1]
  return started !== undefined && realpathSync(started) === fileURLToPath(file)
}

/** What passes by itself was waited out, in vain. */
function explained(what: string, failure: Failure): string {
  const advice =
    " It did so until --deadline. Call again: what is done is not done twice."
  return `${sentence(what, failure)}${passes(failure) ? advice : ""}`
}

/**
 * Answers the question on stdin, as JSON on stdout; {"error": SENTENCE} and
 * exit code 1 where GitHub refuses. The token is in GITHUB_TOKEN, the API's
 * URL in GITHUB_API, the deadline (milliseconds since 1970) in DEADLINE.
 */
export async function program<Question>(
  file: string,
  what: string,
  answer: (github: GitHub, question: Question) => Promise<object>,
): Promise<void> {
  if (!isMain(file)) return
  const { GITHUB_TOKEN = "", GITHUB_API = "", DEADLINE } = process.env
  const github = client({
    ...{ api: GITHUB_API, token: GITHUB_TOKEN.trim() },
    deadline: Number(DEADLINE),
  })
  let code = 0
  try {
    const question = JSON.parse(await text(process.stdin)) as Question
    console.log(JSON.stringify(await answer(github, question)))
  } catch (error) {
    code = 1
    const words = isRequestFault(error)
      ? explained(what, failureOf(error))
      : String((error as Error).message)
    console.log(JSON.stringify({ error: words }))
  }
  // Octokit's scheduler would keep the process for a while.
  process.exit(code)
}
