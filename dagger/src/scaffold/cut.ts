import {
  type Document,
  isAlias,
  isMap,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml"
import { table } from "../toml.js"

/** Offsets of a text, the end left out. */
type Range = [start: number, end: number]

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset)
  return end === -1 ? text.length : end + 1
}

/** Where the lines of a key begin, with the comments right above it. */
function headOf(text: string, offset: number): number {
  const indent = offset - lineStart(text, offset)
  const comment = new RegExp(`^[ ]{${indent}}#`)
  let start = lineStart(text, offset)
  while (start > 0) {
    const above = lineStart(text, start - 1)
    if (!comment.test(text.slice(above, start))) break
    start = above
  }
  return start
}

type Entry = YAMLMap.Parsed["items"][number]

/** The lines of each job, in the order of the file. */
function rangesOf(text: string, jobs: YAMLMap.Parsed): Map<string, Range> {
  const startOf = ({ key }: Entry) => headOf(text, key.range[0])
  return new Map(
    jobs.items.map((entry, index) => {
      const { key, value } = entry
      const [, last] = (value ?? key).range
      const next = jobs.items[index + 1]
      const end = next === undefined ? lineEnd(text, last - 1) : startOf(next)
      return [String(key), [startOf(entry), end]]
    }),
  )
}

/** Refuses to leave an alias behind whose anchor goes. */
function checkAliases(
  path: string,
  text: string,
  document: Document.Parsed,
  gone: Range[],
): void {
  const inside = (node: Node | undefined) =>
    gone.some(([start, end]) => {
      const [at] = (node as ParsedNode).range
      return at >= start && at < end
    })
  visit(document, {
    Alias(_, alias) {
      if (inside(alias) || !inside(alias.resolve(document))) return
      const line = text.slice(0, alias.range?.[0]).split("\n").length
      throw new Error(
        `${path}:${line} has *${alias.source}, whose anchor &${alias.source} stands in a job that would be taken out. Move the anchor to the first place that stays, and call again.`,
      )
    },
  })
}

/** A workflow's data without some jobs, to be compared. */
function dataWithout(text: string, ids: string[]): string {
  const data = table(parseDocument(text, { logLevel: "error" }).toJS())
  const jobs = Object.entries(table(data.jobs))
  const left = jobs.filter(([id]) => !ids.includes(id))
  return JSON.stringify({ ...data, jobs: left })
}

/**
 * A workflow's text without some of its jobs. Everything else stays as it is,
 * byte by byte: comments, quotes, line ends. Undefined where its jobs do not
 * stand on lines of their own.
 *
 * @throws a sentence where what stays needs an anchor that goes
 */
export function withoutJobs(
  path: string,
  text: string,
  ids: string[],
): string | undefined {
  const document = parseDocument(text, { logLevel: "error" })
  const jobs = document.get("jobs") as ParsedNode | undefined
  if (!isMap(jobs) || isAlias(jobs) || jobs.flow === true) return undefined
  const ranges = rangesOf(text, jobs as YAMLMap.Parsed)
  const gone = ids.flatMap((id) => {
    const range = ranges.get(id)
    return range === undefined ? [] : [range]
  })
  checkAliases(path, text, document, gone)
  let left = ""
  let from = 0
  for (const [start, end] of gone.sort(([one], [other]) => one - other)) {
    left += text.slice(from, start)
    from = end
  }
  const rest = text.slice(from)
  // No empty lines at the end, where the last job was the last of the file.
  left =
    rest.trim() === "" ? left.replace(/(\r?\n)(?:\r?\n)+$/, "$1") : left + rest
  return dataWithout(left, []) === dataWithout(text, ids) ? left : undefined
}
