import { Format } from "./format.js"
import { type Page, render } from "./page.js"
import { type Receipt, stateOf, titleOf } from "./receipt.js"

function gates({ tests, checks }: Receipt["gates"]): string {
  const ran = tests.map(({ python, outcome }) => `${outcome} on ${python}`)
  return [...ran, `${checks.length} checks passed`].join("; ")
}

function confirmed(receipt: Receipt): string {
  const { confirmation } = receipt
  if (confirmation === null) {
    return stateOf(receipt) === "unconfirmed" ? "no" : "nothing was to confirm"
  }
  const { python, imported } = confirmation
  const tried =
    python === null
      ? "installed nowhere: `confirm` does, in a job of its own"
      : `installed on ${python}, imports ${imported.join(", ")}`
  return `sha256 of every file; ${tried}`
}

function publisher({ claims, context }: Receipt): [string, string][] {
  const who = claims.job_workflow_ref ?? claims.ci_config_ref_uri ?? claims.sub
  const run = [context.url, context.actor && `by ${context.actor}`]
  const said = run.filter(Boolean).join(" ")
  return [
    ...(who ? [["identity", who] as [string, string]] : []),
    ...(said ? [["run", said] as [string, string]] : []),
  ]
}

function installed(receipt: Receipt): [string, string][] {
  const { install, failure, dryRun } = receipt
  if (failure !== null) return []
  const none = dryRun
    ? "nothing was uploaded"
    : "the index was for this call only"
  return [["install", install ?? none]]
}

function told({ notifications = [] }: Receipt): [string, string][] {
  return notifications.map(({ to, outcome, reason }) => [
    `told ${to}`,
    reason === undefined ? outcome : `${outcome}: ${reason}`,
  ])
}

/** Why a publish broke off, line by line. */
export function linesOf(failure: string | null): string[] {
  return (failure ?? "").split("\n").filter((line) => line.trim() !== "")
}

/** The receipt for people. */
export function receiptPage(receipt: Receipt): Page {
  const { commit, ref, index, files, failure, notices } = receipt
  const { mode, files: signed } = receipt.attestations
  return {
    title: titleOf(receipt),
    facts: [
      ["commit", commit ?? "built elsewhere"],
      ...(ref === null ? [] : [["ref", ref] as [string, string]]),
      ["channel", receipt.channel.why],
      ["index", index.upload],
      ["gates", gates(receipt.gates)],
      ...publisher(receipt),
      ...(signed.length > 0
        ? [["signed", `${signed.length} files, ${mode}`] as [string, string]]
        : []),
      ["confirmed", confirmed(receipt)],
      ...installed(receipt),
      ...told(receipt),
    ],
    tables: [
      [
        ["file", "outcome", "attempts", "bytes", "sha256"],
        ...files.map(({ name, outcome, attempts, size, sha256 }) => [
          ...[name, outcome, String(attempts), String(size), sha256],
        ]),
      ],
      [
        ["stage", "time"],
        ...receipt.stages.map(({ name, seconds }) => [
          ...[name, `${seconds.toFixed(1)} s`],
        ]),
        ["total", `${receipt.seconds.toFixed(1)} s`],
      ],
    ],
    notes: [...linesOf(failure), ...notices],
  }
}

/**
 * The receipt, in the form asked for.
 *
 * @throws the receipt as text where it is of a failure that is not allowed
 */
export function receiptText(
  receipt: Receipt,
  format: Format,
  allowErrors: boolean,
): string {
  if (receipt.failure === null || allowErrors) {
    return render(receipt, receiptPage, format)
  }
  throw new Error(render(receipt, receiptPage, Format.Text))
}
