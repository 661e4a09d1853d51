import { describe, expect, test } from "vitest"
import { channelOf, readChannels } from "../../../dagger/src/channel.js"
import type { Commit } from "../../../dagger/src/facts.js"
import { Format } from "../../../dagger/src/format.js"
import { readHoldings } from "../../../dagger/src/holdings.js"
import { publicVersion } from "../../../dagger/src/next.js"
import { render } from "../../../dagger/src/page.js"
import { type PlanFacts, planOf } from "../../../dagger/src/plan.js"
import { planPage } from "../../../dagger/src/plan-page.js"
import { readProject } from "../../../dagger/src/project.js"
import { type Build, buildOf } from "../../../dagger/src/ref.js"
import { targetOf } from "../../../dagger/src/target.js"
import { factsWith, GIT, SETUPTOOLS_SCM } from "./facts.js"

const project = readProject(factsWith(SETUPTOOLS_SCM), ".")

interface Case {
  version?: string
  tag?: string | null
  build?: Build
  git?: Partial<Commit>
  index?: string
  /** Versions on the index; a text where it did not answer. */
  there?: string[] | string
  yanked?: boolean
  written?: string
}

/** The plan of a dev version after v1.0, to TestPyPI, but for what is said. */
function planned(given: Case) {
  const { version = "1.1.dev2+g1", tag = "v1.0", index, there = [] } = given
  const commit = {
    ...(GIT as Commit),
    tagsBehind: tag === null ? [] : [tag],
    ...given.git,
  }
  const build = given.build ?? buildOf({ ref: "", project, commit })
  const distance =
    "tag" in build ? 0 : Number(/\d+$/.exec(publicVersion(version)))
  const public_ = publicVersion(version)
  const channel = channelOf(
    build,
    public_,
    readChannels(index === undefined ? [] : [`dev=${index}`]),
  )
  const target =
    channel.index === null
      ? null
      : targetOf({ index: channel.index, simple: "", service: false, port: 1 })
  const simple = "https://test.pypi.org/simple/"
  const asked: PlanFacts["asked"] =
    target === null || target.id === "rehearsal"
      ? null
      : typeof there === "string"
        ? { problem: there }
        : {
            held: readHoldings(
              {
                simple,
                files: there.map((it) => ({
                  name: `demo-${it}.tar.gz`,
                  yanked: given.yanked ?? false,
                })),
              },
              public_,
            ),
          }
  const counted = { version, tag, distance, guessed: false }
  const source = {
    project: { ...project, version: given.written },
    commit,
    build,
  }
  return planOf({ source, counted, channel, target, asked })
}
const states = (plan: ReturnType<typeof planned>) =>
  Object.fromEntries(plan.gates.map(({ id, state }) => [id, state]))

describe("a plan", () => {
  test("of a branch says everything, in a shape with a name", () => {
    expect(planned({ there: ["1.0"] })).toEqual({
      schema: "pypi-deploy/plan/1",
      project: "Demo.Pkg",
      commit: GIT.commit,
      version: "1.1.dev2",
      why: "2 commits since v1.0, the tag that leads highest",
      build: { kind: "branch", name: "main" },
      tag: "v1.0",
      distance: 2,
      channel: {
        kind: "dev",
        index: "testpypi",
        why: "dev releases go to testpypi",
      },
      index: {
        id: "testpypi",
        upload: "https://test.pypi.org/legacy/",
        simple: "https://test.pypi.org/simple/",
      },
      held: expect.objectContaining({ releases: 1, newest: "1.0" }),
      gates: expect.any(Array),
      notices: [],
      install: expect.objectContaining({
        plain: "pip install -i https://test.pypi.org/simple/ Demo.Pkg",
      }),
    })
  })

  const reasons: [string, Case, RegExp][] = [
    [
      "a tag",
      { build: { kind: "tag", tag: "v1.0", version: "1.0" }, version: "1.0" },
      /the tag v1\.0 says so/,
    ],
    ["one commit", { version: "1.1.dev1" }, /^1 commit since v1\.0/],
    [
      "no tag",
      { tag: null, version: "0.1.dev7" },
      /^7 commits, and no release/,
    ],
    [
      "a written version",
      { written: "1.0", version: "1.0" },
      /pyproject\.toml/,
    ],
  ]
  test.each(reasons)("says why, for %s", (_, given, why) => {
    expect(planned(given).why).toMatch(why)
  })

  test("leaves to publish what runs", () => {
    expect(states(planned({}))).toEqual({
      channel: "open",
      commit: "open",
      index: "open",
      tests: "later",
      checks: "later",
      confirmation: "later",
    })
  })

  test("shows a gate that is shut, and why", () => {
    const edited = planned({ git: { edited: ["a.py"] } })
    expect(states(edited)).toMatchObject({ commit: "shut", index: "open" })
    const silent = planned({ there: "It does not answer." })
    expect(states(silent).index).toBe("shut")
    expect(silent.held).toBeNull()
    const untagged = planned({ tag: null, version: "0.1.dev1", there: ["1.0"] })
    expect(states(untagged).index).toBe("shut")
    expect(untagged.gates[2]?.says).toMatch(/git fetch --tags/)
  })

  test("of what goes nowhere has no index", () => {
    const plan = planned({ index: "none" })
    expect(plan).toMatchObject({ index: null, held: null, install: null })
    expect(states(plan)).toEqual({ channel: "shut", commit: "open" })
  })
})

describe("for people, a plan", () => {
  const text = (given: Case, format = Format.Text) =>
    render(planned(given), planPage, format)

  test("has version, reason, channel, index, what it holds, gates", () => {
    const page = text({ there: ["1.1.dev1"] })
    expect(page).toMatch(/^Demo\.Pkg 1\.1\.dev2$/m)
    expect(page).toMatch(/^why +2 commits since v1\.0/m)
    expect(page).toMatch(/^builds +branch main$/m)
    expect(page).toMatch(
      /^it holds +1 releases, the highest 1\.1\.dev1, .*none$/m,
    )
    expect(page).toMatch(/^install +pip install -i \S+ Demo\.Pkg$/m)
    expect(page).toMatch(/^tests +later/m)
  })

  test("warns of the plain line, and gives the one that works", () => {
    expect(text({ there: ["1.0"] })).toMatch(
      /is not the line for this release: it installs 1\.0.*==1\.1\.dev2` is\./,
    )
  })

  test("says so where something is not known", () => {
    expect(text({ there: "No." })).toMatch(/^it holds +not known$/m)
    expect(text({})).toMatch(/^it holds +nothing of this project$/m)
    expect(text({ there: ["1.0"], yanked: true })).toMatch(
      /^it holds +1 releases, the highest yanked, .*none$/m,
    )
    expect(text({ git: { branch: null } })).toMatch(/branch \(not known\)/)
    expect(text({ index: "rehearsal" })).toMatch(/index is for one call only/)
    expect(text({ index: "https://x/", there: "No." })).toMatch(
      /^install +not known: the index did not answer$/m,
    )
  })

  test("names a request, and leaves out an index that there is not", () => {
    const page = text({ build: { kind: "request", branch: null } })
    expect(page).toMatch(/^builds +a request$/m)
    expect(page).not.toMatch(/^index/m)
  })

  test("is Markdown for a summary, and JSON for programs", () => {
    expect(text({}, Format.Markdown)).toMatch(/\| channel \| open \|/)
    expect(JSON.parse(text({}, Format.Json))).toEqual(planned({}))
  })
})
