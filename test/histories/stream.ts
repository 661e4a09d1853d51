import type { History } from "./history.js"

const START = 1_700_000_000

/** A history as git's fast-import reads it. */
export interface Stream {
  text: string[]
  /** Marks of the commits of main, with the tags made before the next one. */
  main: { mark: number; tags: string[] }[]
  /** Parents by commit. */
  parents: Map<number, number[]>
  /** The commit that a tag is on, and the tag object's mark. */
  tags: Map<string, { commit: number; object: number }>
}

/** The last of a list that is never empty. */
export function last<Item>(items: Item[]): Item {
  const item = items.at(-1)
  if (item === undefined) throw new Error("An empty list has no last item.")
  return item
}

/** Writes a history down as a fast-import stream. */
export function streamOf({ pyproject, events }: History): Stream {
  const text: string[] = []
  const main: Stream["main"] = []
  const tags: Stream["tags"] = new Map()
  const parentsOf: Stream["parents"] = new Map()
  const sides = new Map<number, number>()
  const commits: number[] = []
  let time = START
  let marks = 0

  const commit = (parents: number[], seconds: number): number => {
    marks += 1
    time += seconds
    commits.push(marks)
    parentsOf.set(marks, parents)
    const [first, ...merged] = parents
    const who = `Ada Example <ada@example.org> ${time} +0000`
    text.push("commit refs/heads/all", `mark :${marks}`)
    text.push(`author ${who}`, `committer ${who}`, "data 0")
    if (first !== undefined) text.push(`from :${first}`)
    for (const parent of merged) text.push(`merge :${parent}`)
    if (first === undefined) {
      text.push("M 100644 inline pyproject.toml")
      text.push(`data ${Buffer.byteLength(pyproject)}`, pyproject)
    }
    text.push("")
    return marks
  }
  const onMain = (parents: number[], seconds: number) =>
    main.push({ mark: commit(parents, seconds), tags: [] })

  onMain([], 0)
  for (const event of events) {
    const head = last(main).mark
    if (event.does === "commit") onMain([head], event.seconds)
    else if (event.does === "side") {
      const from = commits[event.from % commits.length] ?? head
      const parent = sides.get(event.branch) ?? from
      sides.set(event.branch, commit([parent], event.seconds))
    } else if (event.does === "tag") {
      if (tags.has(event.name)) continue
      const at = event.at === "main" ? head : event.at % commits.length
      const on = event.at === "main" ? head : (commits[at] ?? head)
      let object = on
      if (event.annotated) {
        marks += 1
        object = marks
        text.push(`tag ${event.name}`, `mark :${marks}`, `from :${on}`)
        text.push(`tagger Ada Example <ada@example.org> ${time} +0000`)
        text.push("data 0", "")
      }
      tags.set(event.name, { commit: on, object })
      last(main).tags.push(event.name)
    } else {
      const side = sides.get(event.branch)
      if (side === undefined) continue
      if (event.does === "merge") onMain([head, side], event.seconds)
      else sides.set(event.branch, commit([side, head], event.seconds))
    }
  }
  return { text, main, parents: parentsOf, tags }
}

/** A commit and all that it descends from. */
export function lineOf(commit: number, { parents }: Stream): Set<number> {
  const line = new Set<number>()
  const open = [commit]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (line.has(next)) continue
    line.add(next)
    open.push(...(parents.get(next) ?? []))
  }
  return line
}
