/** Whether each test passed, by its id. */
export type Outcomes = Map<string, boolean>

/** How a project's tests fare after a migration, against before. */
export interface TestsCompared {
  /** How many pass after it. */
  passed: number
  /** How many did not pass before it either: they failed, or were skipped. */
  others: number
  /** Ids of those that passed before, and do not any more. */
  lost: string[]
}

const ENTITIES: Record<string, string> = {
  ...{ lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" },
}

function decoded(text: string): string {
  return text.replace(/&(\w+);/g, (all, name) => ENTITIES[name] ?? all)
}

function attribute(attributes: string, name: string): string {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)
  return decoded(found?.[1] ?? "")
}

/**
 * Reads pytest's XML report. A test that was skipped did not pass; of several
 * with one id, all must.
 */
export function readOutcomes(xml: string): Outcomes {
  const found: Outcomes = new Map()
  const cases = /<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g
  for (const [, attributes = "", inside = ""] of xml.matchAll(cases)) {
    const names = ["classname", "name"].map((it) => attribute(attributes, it))
    const id = names.filter((it) => it !== "").join("::")
    const passed = !/<(?:failure|error|skipped)\b/.test(inside)
    found.set(id, passed && found.get(id) !== false)
  }
  return found
}

/**
 * Compares the tests by their ids: where counts are the same, one may have
 * been lost and another won.
 */
export function compareOutcomes(
  before: Outcomes,
  after: Outcomes,
): TestsCompared {
  const all = [...before]
  return {
    passed: [...after.values()].filter(Boolean).length,
    others: all.filter(([, passed]) => !passed).length,
    lost: all.flatMap(([id, passed]) =>
      passed && after.get(id) !== true ? [id] : [],
    ),
  }
}
