import type { Page } from "../page.js"
import type { Rollback } from "./decide.js"

const STATES = {
  whole: "whole",
  half: "half published: to be completed, not taken back",
  absent: "not on the index",
}

/** A rollback, or the plan of one, for people. */
export function rollbackPage(rollback: Rollback): Page {
  const { project, version, state, good, problem } = rollback
  const { steps, byHand, forward, applied } = rollback
  return {
    title: applied
      ? `${project} ${version} is rolled back as far as can be`
      : `What a rollback of ${project} ${version} would do`,
    facts: [
      ["release", STATES[state]],
      ["last good", good ?? "none"],
      ...(problem === null
        ? []
        : [["it does not install", problem] satisfies [string, string]]),
      ...(applied && steps.length === 0
        ? [["on GitHub", "nothing was left to do"] satisfies [string, string]]
        : []),
    ],
    tables:
      steps.length === 0
        ? []
        : [
            [
              ["step", "done"],
              ...steps.map((it) => [it.what, it.done ? "yes" : "with --apply"]),
            ],
          ],
    notes: byHand,
    texts: forward.map(({ when, tag, commands, notes }) => ({
      title: `${when}: ${tag}`,
      text: [...commands, "", ...notes.split("\n")].join("\n"),
    })),
  }
}
