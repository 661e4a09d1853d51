import type { Page } from "./page.js"
import type { Plan } from "./plan.js"

function heldWords({ held }: Plan): string {
  if (held === null) return "not known"
  if (held.releases === 0) return "nothing of this project"
  const finals = held.newestFinal ?? "none"
  return `${held.releases} releases, the highest ${held.newest ?? "yanked"}, the highest final ${finals}`
}

function installNotes({ install }: Plan): string[] {
  if (install === null || install.line === null) return []
  if (install.reasons.length === 0) return []
  return [
    `\`${install.plain}\` is not the line for this release: ${install.reasons.join("; ")}. \`${install.line}\` is.`,
  ]
}

/** The plan for people. */
export function planPage(plan: Plan): Page {
  const { project, version, build, channel, index, install } = plan
  const name = build.name ?? "(not known)"
  const facts: Page["facts"] = [
    ["version", version],
    ["why", plan.why],
    [
      "builds",
      build.kind === "request" ? "a request" : `${build.kind} ${name}`,
    ],
    ["commit", plan.commit],
    ["channel", `${channel.kind}: ${channel.why}`],
  ]
  if (index !== null) {
    const unknown =
      index.id === "rehearsal"
        ? "the index is for one call only"
        : "not known: the index did not answer"
    facts.push(["index", index.upload], ["it holds", heldWords(plan)])
    facts.push(["install", install?.line ?? unknown])
  }
  return {
    title: `${project} ${version}`,
    facts,
    tables: [
      [
        ["gate", "state", "what it says"],
        ...plan.gates.map(({ id, state, says }) => [id, state, says]),
      ],
    ],
    notes: [...plan.notices, ...installNotes(plan)],
  }
}
