import {
  type Alias,
  type Document,
  isMap,
  isSeq,
  LineCounter,
  type Pair,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml"
import type { Table } from "./toml.js"
import { table } from "./toml.js"

/** A step of a job, with the line (from 1) that it begins on. */
export interface Step {
  line: number
  /** What it is in plain data: `uses`, `with`, `run`, `env`. */
  data: Table
}

/** A job, with the line of its name. */
export interface Job {
  id: string
  line: number
  data: Table
  steps: Step[]
}

/** A workflow file as rules look at it. */
export interface Workflow {
  path: string
  text: string
  data: Table
  jobs: Job[]
  /** The line (from 1) of a path of keys, of its nearest parent if not there. */
  lineOf(keys: (string | number)[]): number
}

/** A file that is no YAML, or no workflow. */
export interface Unreadable {
  path: string
  line: number
  reason: string
}

type Entry = Pair<ParsedNode, ParsedNode | null>

function pairAt(map: YAMLMap.Parsed, key: string | number): Entry | undefined {
  return map.items.find((pair) => String(pair.key) === String(key))
}

/** The first alias whose anchor is nowhere before it. */
function danglingAlias(document: Document.Parsed): Alias | undefined {
  let found: Alias | undefined
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return undefined
      found = alias
      return visit.BREAK
    },
  })
  return found
}

/**
 * Reads a workflow. `on` is the key that YAML 1.1 would call `true`; GitHub
 * and this read YAML 1.2.
 */
export function readWorkflow(
  path: string,
  text: string,
): Workflow | Unreadable {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    // A key that is no text is shown as one, and nobody is warned of it.
    logLevel: "error",
  })
  const [error] = document.errors
  const lineAt = (offset: number) => lines.linePos(offset).line
  if (error !== undefined) {
    const reason = error.message.replace(/(?: at line |\n).*$/s, "")
    return { path, line: lineAt(error.pos[0]), reason }
  }
  const dangling = danglingAlias(document)
  if (dangling !== undefined) {
    const reason = `the alias *${dangling.source} has no anchor before it`
    const [offset] = dangling.range as [number, number, number]
    return { path, line: lineAt(offset), reason }
  }
  const { contents } = document
  if (!isMap(contents)) {
    return { path, line: 1, reason: "it holds no workflow" }
  }
  const lineOf = (keys: (string | number)[]): number => {
    let node: ParsedNode | null | undefined = contents
    let [offset] = contents.range
    for (const key of keys) {
      const pair: Entry | undefined = isMap(node)
        ? pairAt(node, key)
        : undefined
      const item: ParsedNode | undefined = isSeq(node)
        ? node.items[Number(key)]
        : undefined
      const place = pair?.key ?? item
      if (place === undefined) break
      offset = place.range[0]
      node = pair === undefined ? item : pair.value
    }
    return lineAt(offset)
  }
  const data = table(document.toJS())
  const jobs = Object.entries(table(data.jobs)).map(([id, value]) => {
    const job = table(value)
    const steps = Array.isArray(job.steps) ? (job.steps as unknown[]) : []
    return {
      ...{ id, line: lineOf(["jobs", id]), data: job },
      steps: steps.map((step, index) => ({
        line: lineOf(["jobs", id, "steps", index]),
        data: table(step),
      })),
    }
  })
  return { path, text, data, jobs, lineOf }
}

/** Whether reading failed. */
export function isUnreadable(read: Workflow | Unreadable): read is Unreadable {
  return "reason" in read
}

/** The ids of the jobs that a job waits for. */
export function needsOf(job: Job): string[] {
  const { needs } = job.data
  if (typeof needs === "string") return [needs]
  return Array.isArray(needs) ? needs.map(String) : []
}

/** The events of a workflow's `on`: a name, a list of names, or a table. */
export function eventsOf(on: unknown): string[] {
  if (typeof on === "string") return [on]
  return Array.isArray(on) ? on.map(String) : Object.keys(table(on))
}
