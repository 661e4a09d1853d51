import { table, text } from "../toml.js"

/** What a receipt says to people who are waiting for it. */
export interface Announcement {
  done: boolean
  /** One line: what was published where, or what was not. */
  title: string
  /** Label and value. */
  facts: [label: string, value: string][]
  /** Names of the files, and what became of each. */
  files: string[]
  /** Why it failed, or what is worth knowing; sentences. */
  remarks: string[]
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function sentences(value: unknown): string[] {
  return (typeof value === "string" ? [value] : list(value)).filter(
    (it): it is string => typeof it === "string" && it !== "",
  )
}

/** What says that a receipt is of a failure, in whatever shape. */
function failureOf(receipt: Record<string, unknown>): string[] | null {
  const said = [receipt.error, receipt.refusals, receipt.problems]
  const reasons = said.flatMap(sentences)
  const failed = ["failed", "refused"].includes(text(receipt.outcome) ?? "")
  return failed || reasons.length > 0 ? reasons : null
}

/**
 * Reads a receipt for what people want to know. Shapes grow: what is missing
 * is left out, and what is not known is passed over.
 *
 * @throws a sentence where it is no receipt
 */
export function announcementOf(source: string): Announcement {
  let receipt: Record<string, unknown>
  try {
    receipt = table(JSON.parse(source))
  } catch {
    receipt = {}
  }
  const project = text(receipt.project)
  if (project === undefined) {
    throw new Error(
      "--receipt is no receipt: it is not JSON with a `project`. Pass what `publish --format=json` printed.",
    )
  }
  const version = text(receipt.version) ?? ""
  const index = table(receipt.index)
  const id = text(index.id)
  const where = (id === "url" ? text(index.upload) : id) ?? "an index"
  const failure = failureOf(receipt)
  const what = [project, version].filter((it) => it !== "").join(" ")
  const seconds = receipt.seconds
  const facts: [string, string | undefined][] = [
    ["commit", text(receipt.commit)?.slice(0, 9)],
    ["install", text(receipt.install)],
    [
      "took",
      typeof seconds === "number" ? `${seconds.toFixed(0)} s` : undefined,
    ],
  ]
  return {
    done: failure === null,
    title:
      failure === null
        ? `${what} is published to ${where}`
        : `${what} is not published to ${where}`,
    facts: facts.flatMap(([label, value]) =>
      value === undefined ? [] : [[label, value] satisfies [string, string]],
    ),
    files: list(receipt.files).flatMap((it) => {
      const { name, outcome } = table(it)
      const said = text(outcome)
      return typeof name === "string"
        ? [said === undefined ? name : `${name} (${said})`]
        : []
    }),
    remarks: [...(failure ?? []), ...sentences(receipt.notices)],
  }
}
