import type { Event } from "./event.js"

/** A workflow's `on:`, as deploy.yml writes it. */
export type Triggers = Record<
  string,
  { branches?: string[]; tags?: string[]; types?: string[] } | null
>

/** Whether a filter's pattern takes a name: `*` takes all but a slash. */
function takes(pattern: string, name: string): boolean {
  const source = pattern.replace(/[.+?^${}()|\\]/g, "\\$&")
  return new RegExp(`^${source.replaceAll("*", "[^/]*")}$`).test(name)
}

/**
 * Whether an event starts a workflow, by
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
 */
export function starts(on: Triggers, { name, ref }: Event): boolean {
  const filters = on[name]
  if (filters === undefined) return false
  if (name !== "push" || filters === null) return true
  const [, kind = "", ...rest] = ref.split("/")
  const patterns = kind === "tags" ? filters.tags : filters.branches
  // Who filters by branches alone is not started by tags, and the reverse.
  return (patterns ?? []).some((it) => takes(it, rest.join("/")))
}
