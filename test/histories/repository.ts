import { execFileSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { History } from "./history.js"
import { last, lineOf, streamOf } from "./stream.js"

/** A state of a repository: a commit on main, and the tags there are by then. */
export interface State {
  commit: string
  /** Tag name to the object it refers to. */
  tags: Map<string, string>
  /** Tags at that very commit. */
  tagsHere: string[]
  /** Tags at commits that it descends from. */
  tagsBehind: string[]
}

/** A generated repository, which can be put in each of its states. */
export interface Generated {
  path: string
  states: State[]
  /** Checks out a state, with its tags, or without those at its commit. */
  enter(state: State, tags?: "all" | "behind"): void
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
    const line = lineOf(commit.mark, stream)
    const made = [...tags.keys()].map((name) => ({
      name,
      at: stream.tags.get(name)?.commit ?? 0,
    }))
    return {
      commit: idOf(commit.mark),
      tags: new Map(tags),
      tagsHere: made
        .filter(({ at }) => at === commit.mark)
        .map(({ name }) => name),
      tagsBehind: made
        .filter(({ at }) => at !== commit.mark && line.has(at))
        .map(({ name }) => name),
    }
  })
  write("heads/main", last(states).commit)
  git(["reset", "--quiet", "--hard"])
  return {
    path,
    states,
    enter(state, kept = "all") {
      write("heads/main", state.commit)
      rmSync(join(references, "tags"), { recursive: true, force: true })
      mkdirSync(join(references, "tags"))
      const hidden = kept === "all" ? [] : state.tagsHere
      for (const [name, id] of state.tags) {
        if (!hidden.includes(name)) write(`tags/${name}`, id)
      }
    },
  }
}
