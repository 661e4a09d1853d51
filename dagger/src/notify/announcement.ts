import type { Context } from "../context.js"
import { type Receipt, stateOf, titleOf } from "../receipt.js"
import { linesOf } from "../receipt-page.js"
import { badEnd, type Jobs } from "./jobs.js"

/** What a release says to people who are waiting for it. */
export interface Announcement {
  done: boolean
  /** One line: what was published where, or what was not. */
  title: string
  /** The page of the run; null where it is not known. */
  link: string | null
  /** Label and value. */
  facts: [label: string, value: string][]
  /** Names of the files, and what became of each. */
  files: string[]
  /** Why it failed, or what is worth knowing; sentences. */
  remarks: string[]
}

/** What there is to tell of. */
export interface News {
  /** null where the run did not come to a publish. */
  receipt: Receipt | null
  jobs: Jobs
  /** The run, where the receipt does not say it. */
  context: Context
}

/** What is said of a run that published nothing. */
function runTitle({ jobs, context }: News): string {
  const { repository = "The repository", ref } = context
  const where = ref === undefined ? repository : `${repository} at ${ref}`
  return `${where}: ${badEnd(jobs) ?? "the run has ended well"}`
}

function titleFor(news: News): string {
  const { receipt, jobs } = news
  if (receipt === null) return runTitle(news)
  const bad = badEnd(jobs)
  // A publish that failed is why its job did, and those behind it.
  return receipt.failure !== null || bad === null
    ? titleOf(receipt)
    : `${titleOf(receipt)}, but ${bad}`
}

function factsOf({ commit, install, seconds }: Receipt) {
  const facts: [string, string | null][] = [
    ["commit", commit?.slice(0, 9) ?? null],
    ["install", install],
    ["took", `${seconds.toFixed(0)} s`],
  ]
  return facts.flatMap(([label, value]) =>
    value === null ? [] : [[label, value] satisfies [string, string]],
  )
}

/** The run's page, if it is one: Discord refuses what is no URL. */
function linkOf({ receipt, context }: News): string | null {
  const url = receipt?.context.url ?? context.url ?? ""
  return /^https?:\/\/\S{1,500}$/.test(url) && URL.canParse(url) ? url : null
}

/** What a release's receipt, and its run, say to people. */
export function announcementOf(news: News): Announcement {
  const { receipt, jobs } = news
  const good = badEnd(jobs) === null
  const said = { title: titleFor(news), link: linkOf(news) }
  if (receipt === null) {
    return { ...said, done: good, facts: [], files: [], remarks: [] }
  }
  const published = ["published", "dry"].includes(stateOf(receipt))
  return {
    ...{ ...said, done: good && published, facts: factsOf(receipt) },
    files: receipt.files.map(({ name, outcome }) => `${name} (${outcome})`),
    remarks: [...linesOf(receipt.failure), ...receipt.notices],
  }
}
