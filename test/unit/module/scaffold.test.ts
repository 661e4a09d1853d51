import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"

import {
  type Choices,
  checkChannels,
  checkPythons,
  DEFAULTS,
  isOwn,
  readChoices,
  Trigger,
} from "../../../dagger/src/scaffold/choices.js"
import {
  deployWorkflow,
  PIPELINE,
  releasingWorkflow,
} from "../../../dagger/src/scaffold/deploy.js"
import {
  notesPath,
  registrationLinks,
  setupNotes,
} from "../../../dagger/src/scaffold/notes.js"
import type { Retirement } from "../../../dagger/src/scaffold/retire.js"
import {
  settingsOf,
  tagGlob,
  testedPythons,
} from "../../../dagger/src/scaffold/settings.js"
import { PLAIN, readTagging } from "../../../dagger/src/tagging.js"
import { root } from "../../root.js"

const read = (path: string) => readFileSync(join(root, path), "utf8")
const template = read("dagger/templates/deploy.yml")
const notes = read("dagger/templates/deploying.md")
const settings = {
  ...{ name: "greeter", branch: "trunk", tags: "demo-v*" },
  pythons: ["3.10", "3.13"],
}
const all: Choices = { ...DEFAULTS, notify: ["slack", "discord"] }

/** What a test looks at in a workflow. */
interface Written {
  on: { push: { branches: string[]; tags?: string[] }; release?: unknown }
  env: Record<string, string>
  jobs: Record<
    string,
    {
      permissions: Record<string, string>
      environment?: { name: string; url?: string }
      needs?: string[]
      steps: {
        name?: string
        uses?: string
        run?: string
        env?: Record<string, string>
      }[]
    }
  >
}
const write = (choices: Partial<Choices> = {}) => {
  const text = deployWorkflow(template, settings, { ...all, ...choices })
  return { text, data: parse(text) as Written }
}

describe("the workflow", () => {
  test("is the template, but for the project's own values", () => {
    const there = template.split("\n")
    const other = write()
      .text.split("\n")
      .filter((line) => !there.includes(line))
    expect(other).toEqual([
      "#   dagger call scaffold --source=. --notify=slack,discord",
      "    branches: [trunk]",
      '    tags: ["demo-v*"]',
      `  PIPELINE: ${PIPELINE}`,
      '  PYTHONS: "3.10,3.13"',
      "      url: https://test.pypi.org/project/greeter/",
      "      url: https://pypi.org/project/greeter/",
    ])
  })

  test("is started by a tag, or by a published release", () => {
    expect(write().data.on.release).toBeUndefined()
    const { on } = write({ trigger: Trigger.Release }).data
    expect(on.push).toEqual({ branches: ["trunk"] })
    expect(on.release).toEqual({ types: ["published"] })
  })

  test("has the jobs that were asked for", () => {
    const { jobs } = write({ githubRelease: false, notify: [] }).data
    expect(Object.keys(jobs)).toEqual([
      ...["build", "rehearse", "testpypi", "pypi", "install"],
    ])
    const { notify } = write({ githubRelease: false, notify: ["slack"] }).data
      .jobs
    expect(notify?.needs).toEqual(["build", "testpypi", "pypi", "install"])
    const step = notify?.steps.find(({ name }) => name === "Notify")
    expect(step?.run).toContain(" --slack=env:SLACK_WEBHOOK --jobs=")
    expect(Object.keys(step?.env ?? {})).toEqual([
      ...["SLACK_WEBHOOK", "JOBS", "CONTEXT"],
    ])
  })

  test("gives each job the permissions it needs, and no other", () => {
    const { jobs } = write().data
    const given = Object.entries(jobs).map(([id, it]) => [id, it.permissions])
    expect(Object.fromEntries(given)).toEqual({
      ...{ build: {}, rehearse: {}, install: {}, notify: {} },
      ...{ testpypi: { "id-token": "write" }, pypi: { "id-token": "write" } },
      release: { contents: "write" },
    })
    const open = write({ private: true })
    expect(open.data.jobs.build?.permissions).toEqual({ contents: "read" })
    expect(open.text).toContain("contents: read # to check out\n")
  })

  test("runs nothing of the project where it has an identity", () => {
    const { jobs } = write().data
    for (const id of ["testpypi", "pypi"] as const) {
      const uses = jobs[id]?.steps.map((step) => step.uses ?? "")
      expect(uses?.join()).not.toContain("actions/checkout")
      expect(jobs[id]?.environment?.name).toBe(id)
    }
  })

  test("passes values by variables alone", () => {
    for (const { steps } of Object.values(write().data.jobs))
      for (const { run = "" } of steps) expect(run).not.toContain("${{")
  })

  test("pins every action, and names the version", () => {
    const uses = [...write().text.matchAll(/uses: (.*)/g)].map(([, it]) => it)
    for (const it of uses) expect(it).toMatch(/^[\w/-]+@[0-9a-f]{40} # v\d+\./)
  })

  test("calls the release of this module that wrote it", () => {
    const { version } = JSON.parse(read("package.json")) as { version: string }
    expect(PIPELINE).toBe(`github.com/pypi-deploy/pypi-deploy@v${version}`)
  })
})

describe("the workflow that is started by hand", () => {
  const by = (choices: Partial<Choices>) => {
    const text = read("dagger/templates/releasing.yml")
    return parse(
      releasingWorkflow(text, { ...DEFAULTS, ...choices }),
    ) as Written
  }

  test("calls this module for the package, and passes inputs by variables", () => {
    const { env, jobs } = by({ path: "packages/demo" })
    expect(env).toEqual({ PIPELINE, PACKAGE: "packages/demo" })
    for (const { steps } of Object.values(jobs))
      for (const { run = "" } of steps) expect(run).not.toContain("${{")
  })

  test("may write where it rolls back, and nowhere else", () => {
    const given = (isPrivate: boolean) =>
      Object.values(by({ private: isPrivate }).jobs).map((it) => it.permissions)
    const write = { contents: "write" }
    expect(given(false)).toEqual([{}, {}, write])
    const reads = { contents: "read" }
    expect(given(true)).toEqual([reads, reads, write])
  })
})

describe("choices", () => {
  const changed: Choices = {
    ...{ path: "packages/demo", trigger: Trigger.Release },
    ...{ githubRelease: false, notify: ["slack", "discord"], private: true },
    releasing: true,
    pythons: ["3.12"],
  }
  const odd = { ...DEFAULTS, path: 'pkgs/my "pkg" \\ $x' }
  const spaced = { ...changed, path: "pkgs/my pkg" }
  test.each([DEFAULTS, changed, spaced, odd])(
    "are read back from the head",
    (choices) => {
      const written = deployWorkflow(template, settings, choices)
      expect(readChoices(written)).toEqual(choices)
    },
  )

  test("are read back from a copy with other line ends", () => {
    const written = deployWorkflow(template, settings, spaced)
    expect(written).toContain(' --path="pkgs/my pkg" --trigger=release')
    expect(readChoices(written.replaceAll("\n", "\r\n"))).toEqual(spaced)
  })

  test("are in files that are known for scaffold's own", () => {
    expect(isOwn(deployWorkflow(template, settings, DEFAULTS))).toBe(true)
    expect(isOwn(read("dagger/templates/releasing.yml"))).toBe(true)
    expect(isOwn(read("test/fixtures/workflows/hybrid.yml"))).toBe(false)
  })

  test("have interpreters that there are", () => {
    expect(() => checkPythons(["3.9", "3.14"])).not.toThrow()
    for (const other of ["foo", "2.7", "3", "3.12.1"])
      expect(() => checkPythons(["3.9", other])).toThrow(
        `--pythons: ${other} is no version of Python 3. Pass major`,
      )
  })

  test("of another workflow are not known, nor flags that there are not", () => {
    expect(readChoices("name: Deploy\n")).toBeUndefined()
    const head = "#   dagger call scaffold --source=. --colour=red\n"
    expect(readChoices(head)).toEqual(DEFAULTS)
    const tag = head.replace("colour=red", "trigger=tag")
    expect(readChoices(tag)).toEqual(DEFAULTS)
  })

  test("have channels that there are", () => {
    expect(() => checkChannels(["slack"])).not.toThrow()
    expect(() => checkChannels(["irc"])).toThrow(
      "--notify: irc is no channel. There are slack, discord.",
    )
  })
})

describe("settings", () => {
  test.each([
    [["v1.0.0"], "v*"],
    [["1.0.0"], "[0-9]*"],
    [["release-1.0", "release-0.9"], "release-*"],
    [["demo/v1.2"], "demo/v*"],
    [[], "v*"],
  ])("the tags %j fit %s", (tags, glob) => {
    const tagging = readTagging({}, "demo", "pyproject.toml")
    const own = tags[0]?.startsWith("release")
      ? readTagging({ tag: { prefix: "release-" } }, "demo", "pyproject.toml")
      : tagging
    expect(tagGlob(tags, own)).toBe(glob)
  })

  test("without a tag the project's prefix counts", () => {
    const of = (prefix: string) => ({ ...PLAIN, prefixes: [prefix] })
    expect(tagGlob([], of("demo-"))).toBe("demo-v*")
    expect(tagGlob([], of("demo-v"))).toBe("demo-v*")
  })

  const classifiers = (...versions: string[]) =>
    `classifiers = [${versions.map((it) => `"Programming Language :: Python :: ${it}"`)}]`
  test.each([
    ["[project]", ["3.11"]],
    ['[project]\nrequires-python = ">=3.9"', ["3.9", "3.11"]],
    ['[project]\nrequires-python = ">=3.12"', ["3.12"]],
    [
      `[project]\n${classifiers("3", "3.10", "3.12")}`,
      ["3.10", "3.11", "3.12"],
    ],
    ['[project]\nrequires-python = "<3"', ["3.11"]],
  ])("%s is tested on %j", (pyproject, pythons) => {
    expect(testedPythons(pyproject)).toEqual(pythons)
  })

  test("are found in the package's own folder", () => {
    const project = { name: "Greeter.Demo", tagging: PLAIN }
    const commit = { tagsAtHead: [], tagsBehind: ["v1.0"] }
    const pyproject = '[project]\nrequires-python = ">=3.12"'
    const found = (path: string, file: string, branch: string | null) =>
      settingsOf({ project, commit, path } as never, {
        ...{ repository: null, defaultBranch: branch, tracked: [] },
        texts: { [file]: pyproject },
      })
    const expected = { name: "greeter-demo", tags: "v*", pythons: ["3.12"] }
    const inside = found("packages/demo", "packages/demo/pyproject.toml", null)
    expect(inside).toEqual({ ...expected, branch: "main" })
    const top = found(".", "pyproject.toml", "trunk")
    expect(top).toEqual({ ...expected, branch: "trunk" })
    expect(found(".", "elsewhere.toml", null).pythons).toEqual(["3.11"])
  })
})

describe("the set-up notes", () => {
  const request = {
    ...{ settings, choices: DEFAULTS, repository: "octo/greeter" },
    ...{ file: "deploy.yml", retired: { retired: [], remaining: [] } },
  }
  const write = (changes: Partial<Parameters<typeof setupNotes>[1]> = {}) =>
    setupNotes(notes, { ...request, ...changes })

  test("have every value filled in", () => {
    expect(write()).not.toContain("{{")
    expect(write()).toContain("expires **30 days** after")
  })

  test("link to the forms on both indexes, filled in where they can be", () => {
    const fields = {
      ...{ provider: "github", owner: "octo", repository: "greeter" },
      workflow_filename: "deploy.yml",
    }
    const { project, pending } = registrationLinks(request, "testpypi")
    const query = (url: string) =>
      Object.fromEntries(new URL(url).searchParams.entries())
    expect(query(project)).toEqual({ ...fields, environment: "testpypi" })
    expect(pending).toBe("https://test.pypi.org/manage/account/publishing/")
    expect(write()).toContain(project)
    expect(write()).toContain(registrationLinks(request, "pypi").pending)
    expect(new URL(project).host).toBe("test.pypi.org")
  })

  test("say how a release is made", () => {
    expect(write()).toContain("git push origin demo-v1.2.3")
    const choices = { ...DEFAULTS, trigger: Trigger.Release }
    expect(write({ choices })).toContain("publish a release on GitHub")
    const bare = { ...settings, tags: "[0-9]*" }
    expect(write({ settings: bare })).toContain("git push origin 1.2.3")
  })

  test("set the webhooks that are told of releases", () => {
    expect(write()).not.toContain("gh secret set")
    const choices = { ...DEFAULTS, notify: ["slack"] }
    expect(write({ choices })).toContain(
      "gh secret set SLACK_WEBHOOK --repo octo/greeter --env notifications",
    )
  })

  test("name what was retired, and the file to check", () => {
    expect(write()).not.toContain("retired")
    const path = ".github/workflows/release.yml"
    const rest = ".github/workflows/release-rest.yml"
    const gone = {
      ...{ path: "a.yml", jobs: ["x", "y"], to: "a.yml" },
      ...{ followers: [], lost: [] },
    }
    const retired = [
      { ...gone, text: null },
      { ...gone, path: "b.yml", jobs: ["z"], text: "jobs: {}" },
      { ...gone, path, jobs: ["p"], lost: ["p: Tell `us`"], text: null },
      { ...gone, path, jobs: ["q"], to: rest, text: "jobs: {}" },
    ]
    const text = write({
      ...{ retired: { retired, remaining: [] }, file: "release.yml" },
    })
    expect(text).toContain("- `a.yml` is gone: it published, too (x, y).")
    expect(text).toContain(
      "- `b.yml` has lost the jobs that published, or built for them: z.",
    )
    expect(text).toContain(
      `- \`${path}\` was another workflow, which published (p): the new one has its name. With them went what they did besides: \`p: Tell 'us'\`. Bring back what is needed.`,
    )
    expect(text).toContain(`are gone (q), the others are in \`${rest}\`.`)
    expect(text).toContain("--check --file=release.yml is-empty")
    expect(text).not.toContain("may publish still")
  })

  test("name what waited for it, and what there is instead", () => {
    const does = ["release", "signatures", "provenance", "slack", "discord"]
    const gone = {
      ...{ path: "a.yml", to: "a.yml", text: null, jobs: ["p", "f", "g"] },
      ...{
        lost: ["p: x"],
        followers: [
          { id: "f", does },
          { id: "g", does },
        ],
      },
    } as Retirement
    const text = (choices: Partial<Choices>) =>
      write({
        choices: { ...DEFAULTS, ...choices },
        retired: { retired: [gone], remaining: [] },
      })
    const plain = text({})
    expect(plain).toContain("- `a.yml` is gone: it published, too (p). `f`, ")
    expect(plain).toContain(
      "`g`, which waited for that, is gone with it: the new workflow's `release` makes the GitHub release, with the sdist and the wheels; PyPI keeps an attestation",
    )
    expect(plain).toContain("; nobody tells Slack now: pass `--notify=slack`")
    expect(plain).toContain(". With them went what they did besides: `p: x`.")
    const told = text({ notify: ["discord"], trigger: Trigger.Release })
    expect(told).toContain("; the new workflow's `notify` tells Discord. ")
    expect(told).toContain("publish the GitHub release yourself, and the new")
    const bare = text({ githubRelease: false })
    expect(bare).toContain("no GitHub release is made now: leave `--github-")
  })

  test("name what may publish still", () => {
    const remaining = [{ path: "a.yml", jobs: ["x"], why: "it is odd" }]
    const text = write({ retired: { retired: [], remaining } })
    expect(text).toContain("- `a.yml` was left as it is (x): it is odd.")
    expect(text).toContain("Two workflows would publish the same release")
  })

  test("are written where no others are", () => {
    const [first, second] = ["docs/deploying.md", "docs/deploying-to-pypi.md"]
    const own = write()
    expect(isOwn(own)).toBe(true)
    expect(notesPath({})).toBe(first)
    expect(notesPath({ [first]: "", [second]: "" })).toBe(first)
    expect(notesPath({ [first]: own })).toBe(first)
    expect(notesPath({ [first]: "# Our servers" })).toBe(second)
    expect(() =>
      notesPath({ [first]: "# Our servers", [second]: "# Ours" }),
    ).toThrow(/docs\/deploying-to-pypi\.md, which scaffold did not write/)
  })
})
