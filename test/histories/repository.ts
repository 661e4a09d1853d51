import { execFileSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { History } from "./history.js"

/** A state of a repository: a commit on main, and the tags there are by then. */
export interface State {
  commit: string
  /** Tag name to the object it refers to. */
  tags: Map<string, string>
  /** Tags at that very commit. */
  tagsHere: string[]
}

const START = 1_700_000_000

/** A history as git's fast-import reads it. */
interface Stream {
  text: string[]
  /** Marks of the commits of main, with the tags made before the next one. */
  main: { mark: number; tags: string[] }[]
  /** The commit that a tag is on, and the tag object's mark. */
  tags: Map<string, { commit: number; object: number }>
}

/** The last of a list that is never empty. */
function last<Item>(items: Item[]): Item {
  const item = items.at(-1)
  if (item === undefined) throw new Error("An empty list has no last item.")
  return item
}

/** Writes a history down as a fast-import stream. */
function streamOf({ pyproject, events }: History): Stream {
  const text: string[] = []
  const main: Stream["main"] = []
  const tags: Stream["tags"] = new Map()
  const sides = new Map<number, number>()
  const commits: number[] = []
  let time = START
  let marks = 0

  const commit = (parents: number[], seconds: number): number => {
    marks += 1
    time += seconds
    commits.push(marks)
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
  return { text, main, tags }
}

/** A generated repository, which can be put in each of its states. */
export interface Generated {
  path: string
  states: State[]
  /** Checks out a state; those behind it keep their tags. */
  enter(state: State): void
}

/** Makes the repository of a history in a new folder. */
export function generate(history: History, path: string): Generated {
  const stream = streamOf(history)
  const git = (args: string[], input?: string) =>
    execFileSync("git", args, {
      cwd: path,
      input,
      encoding: "utf8",
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null" },
    })
  mkdirSync(path, { recursive: true })
  git(["init", "--quiet", "--initial-branch=main", "--template="])
  const marksFile = join(path, ".git/marks")
  git(
    ["fast-import", "--quiet", "--force", `--export-marks=${marksFile}`],
    stream.text.join("\n"),
  )
  const marks = new Map(
    execFileSync("cat", [marksFile], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map((line) => {
        const [mark = "", id = ""] = line.slice(1).split(" ")
        return [Number(mark), id] as const
      }),
  )
  const idOf = (mark: number) => {
    const id = marks.get(mark)
    if (id === undefined) throw new Error(`fast-import made no :${mark}.`)
    return id
  }
  const references = join(path, ".git/refs")
  const write = (name: string, id: string) => {
    mkdirSync(dirname(join(references, name)), { recursive: true })
    writeFileSync(join(references, name), `${id}\n`)
  }
  rmSync(join(references, "tags"), { recursive: true, force: true })
  rmSync(join(references, "heads/all"))
  const tags = new Map<string, string>()
  const states = stream.main.map((commit): State => {
    // Tags made while this was the newest commit of main are there with it.
    for (const name of commit.tags) {
      const tag = stream.tags.get(name)
      if (tag !== undefined) tags.set(name, idOf(tag.object))
    }
    const tagsHere = [...tags.keys()].filter(
      (name) => stream.tags.get(name)?.commit === commit.mark,
    )
    return { commit: idOf(commit.mark), tags: new Map(tags), tagsHere }
  })
  write("heads/main", last(states).commit)
  git(["reset", "--quiet", "--hard"])
  return {
    path,
    states,
    enter(state) {
      write("heads/main", state.commit)
      rmSync(join(references, "tags"), { recursive: true, force: true })
      mkdirSync(join(references, "tags"))
      for (const [name, id] of state.tags) write(`tags/${name}`, id)
    },
  }
}
