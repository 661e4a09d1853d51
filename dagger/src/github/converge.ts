import type { GitHubFacts, Step } from "./facts.js"

/** What is needed to come to an end on GitHub. */
export interface Convergence {
  look(): Promise<GitHubFacts>
  /** The steps that are left; throws where there is no way on. */
  decide(facts: GitHubFacts): Step[]
  /** Why it stopped before the last step; null where it did not. */
  act(steps: Step[]): Promise<string | null>
  sleep(milliseconds: number): Promise<void>
  now(): number
  /** In milliseconds, as `now` gives them. */
  deadline: number
}

const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 30_000

/**
 * Looks, decides and acts until nothing is left to do. A step without an
 * answer may have been taken, and what was made may not be listed yet: so
 * nothing is ever done twice without looking.
 *
 * @returns what GitHub had before the first step, and has after the last
 * @throws a sentence where the deadline comes first
 */
export async function converge(
  it: Convergence,
): Promise<{ before: GitHubFacts; after: GitHubFacts }> {
  const before = await it.look()
  let after = before
  let done = ""
  let pause = FIRST_PAUSE
  let stopped: string | null = null
  for (;;) {
    const steps = it.decide(after)
    if (steps.length === 0) return { before, after }
    const again = JSON.stringify(steps) === done
    if (again || stopped !== null) {
      if (it.now() + pause > it.deadline) {
        const why = stopped ?? "GitHub does not show what was done."
        throw new Error(
          `${why} The deadline came before the end. Call again: what is done is not done twice.`,
        )
      }
      await it.sleep(pause)
      pause = Math.min(2 * pause, LONGEST_PAUSE)
    } else {
      pause = FIRST_PAUSE
    }
    // What was done and is not listed yet: only look, for a while.
    const wait = again && stopped === null && pause < LONGEST_PAUSE
    if (!wait) {
      stopped = await it.act(steps)
      done = JSON.stringify(steps)
    }
    after = await it.look()
  }
}
