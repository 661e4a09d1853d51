import { expect, test } from "vitest"

import { converge } from "../../../../dagger/src/github/converge.js"
import type { GitHubFacts, Step } from "../../../../dagger/src/github/facts.js"
import { hubOf } from "../../../../dagger/src/github/reach.js"
import { facts } from "../release/facts.js"

const upload = (name: string): Step => ({ does: "upload", to: "u", name })

/** A world of names; each act takes what `takes` says of it. */
function world(takes: (string | null)[], slow = 0) {
  const there: string[] = []
  const seen: string[][] = []
  let clock = 0
  let acts = 0
  return {
    there,
    acts: () => acts,
    slept: () => clock,
    run: (deadline = 100_000) =>
      converge({
        look: async () => {
          seen.push([...there])
          return facts({ latest: (seen.at(-1 - slow) ?? []).join() })
        },
        decide: ({ latest }: GitHubFacts) =>
          ["a", "b"].filter((it) => !latest?.includes(it)).map(upload),
        act: async (steps) => {
          acts += 1
          const stopped = takes.shift() ?? null
          const [first, ...rest] = steps.map((it) => "name" in it && it.name)
          for (const name of stopped === null ? [first, ...rest] : [first])
            if (name && stopped !== "nothing") there.push(name)
          return stopped
        },
        sleep: async (time) => {
          clock += time
        },
        now: () => clock,
        deadline,
      }),
  }
}

test("what is complete is left alone", async () => {
  const it = world([])
  it.there.push("a", "b")
  const { before, after } = await it.run()
  expect(before).toBe(after)
  expect(it.acts()).toBe(0)
})

test("steps are taken once, where all is well", async () => {
  const it = world([])
  await it.run()
  expect([it.acts(), it.there, it.slept()]).toEqual([1, ["a", "b"], 0])
})

test("what stopped half-way goes on from where it is, after a pause", async () => {
  const it = world(["half", "nothing", "nothing"])
  await it.run()
  expect(it.there).toEqual(["a", "b"])
  expect(it.acts()).toBe(4)
  expect(it.slept()).toBe(1000 + 2000 + 4000)
})

test("what was done and is not listed yet is not done again", async () => {
  const it = world([], 3)
  await it.run()
  expect([it.acts(), it.there]).toEqual([1, ["a", "b"]])
})

test("the deadline ends it, with the reason", async () => {
  const stopped = world(Array(99).fill("nothing"))
  await expect(stopped.run(10_000)).rejects.toThrow(/nothing The deadline/)
  await expect(world([], 99).run(10_000)).rejects.toThrow(/does not show/)
})

test("a repository and an API are named, or refused", () => {
  const request = { token: {} as never, deadline: 2 }
  const api = "https://api.github.com"
  expect(hubOf({ ...request, repository: "a/b", api }, 1000)).toMatchObject({
    ...{ owner: "a", repo: "b", deadline: 3000 },
  })
  for (const repository of ["", "a", "a/b/c", "https://github.com/a/b"])
    expect(() => hubOf({ ...request, repository, api })).toThrow(/OWNER\/NAME/)
  for (const url of ["", "ftp://x", "http://"])
    expect(() => hubOf({ ...request, repository: "a/b", api: url })).toThrow(
      /is no URL/,
    )
})
