import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"

import { withoutJobs } from "../../../dagger/src/scaffold/cut.js"
import {
  checkWritten,
  OWN_JOBS,
  retire,
} from "../../../dagger/src/scaffold/retire.js"
import { root } from "../../root.js"

const read = (path: string) => readFileSync(join(root, path), "utf8")
const at = (file: string) => `.github/workflows/${file}`
const DEPLOY = at("deploy.yml")

/** What becomes of workflows, by their file names. */
const retired = (files: Record<string, string>, written = "deploy.yml") =>
  retire(
    Object.fromEntries(
      Object.entries(files).map(([file, text]) => [at(file), text]),
    ),
    at(written),
  )
const jobsOf = (text: string | null | undefined) =>
  Object.keys((parse(text ?? "") as { jobs: object }).jobs)
/** A workflow with a job that publishes so, in flow style. */
const publishing = (step: string, rest = "") =>
  `on: push\njobs: {r: {steps: [${step}]${rest}}}\n`

const CI = `# Our CI
name: CI
on: [push, pull_request]
x-steps: &steps
  - uses: actions/checkout@v4
jobs:
  lint:
    steps: *steps
  # On every system.
  test:
    strategy: {matrix: {os: [ubuntu-latest, windows-latest]}}
    steps:
      - run: tox
  docs:
    needs: lint
    steps:
      - run:   "make docs"

  # Uploads what
  # is built here.
  publish:
    needs: [lint, test, wheel]
    if: startsWith(github.ref, 'refs/tags')
    steps:
      - run: python -m build
      - uses: pypa/gh-action-pypi-publish@release/v1
      - name: Tell people
        run: ./announce
    # At the end of it.

  wheel: # for publish
    steps:
      - uses: actions/checkout@v4
      - run: pip install build && python -m build --wheel
`

describe("workflows that publish already", () => {
  test("go, and leave the jobs that do not", () => {
    const { retired: gone, remaining } = retired({
      "publish.yml": read("test/fixtures/workflows/hybrid.yml"),
      "broken.yml": "jobs: [",
      "alias.yml": "jobs: {a: *nothing}",
      "lint.yml": "jobs: {lint: {steps: [{run: ruff}]}}",
    })
    expect(remaining).toEqual([])
    expect(gone).toEqual([
      {
        ...{ path: at("publish.yml"), to: at("publish.yml") },
        ...{ jobs: ["test", "publish"], lost: [], followers: [], text: null },
      },
    ])
  })

  test("lose the jobs that publish and build for them alone, and no other line", () => {
    const { retired: gone, remaining } = retired({ "ci.yml": CI })
    expect(remaining).toEqual([])
    expect(gone).toMatchObject([
      { jobs: ["publish", "wheel"], lost: ["publish: Tell people"] },
    ])
    const [before] = CI.split("\n  # Uploads what")
    expect(gone[0]?.text).toBe(before)
    const crlf = CI.replaceAll("\n", "\r\n")
    const [other] = retired({ "ci.yml": crlf }).retired
    expect(other?.text).toBe(before?.replaceAll("\n", "\r\n"))
  })

  test.each([
    ["other jobs wait for it", "mixed.yml", "announce would wait for what"],
    ["others call it", "called.yml", "other workflows call it"],
    ["others are started by it", "first.yml", "next.yml would miss it"],
    ["it is called by its path", "path.yml", "next.yml would miss it"],
    ["it is in no known encoding", "latin.yml", "it is not in UTF-8"],
    ["it stands on one line", "line.yml", "are not on lines of their own"],
    ["it names another index", "index.yml", "nothing shows whether that goes"],
  ])("are left, and named, where %s", (_, file, why) => {
    const upload = "{run: twine upload dist/*}"
    const files: Record<string, string> = {
      "mixed.yml": read("test/fixtures/workflows/mixed.yml"),
      "called.yml": publishing(upload).replace("push", "workflow_call"),
      "first.yml": `name: First\n${publishing(upload)}`,
      "path.yml": publishing(upload),
      "latin.yml": `# \uFFFD\n${publishing(upload)}`,
      "line.yml": "jobs: {r: {steps: [{run: twine upload x}]}, a: {}}",
      "index.yml": publishing("{run: twine upload -r ours dist/*}"),
    }
    const next = `on: {workflow_run: {workflows: [First]}}\njobs: {a: {uses: ./${at("path.yml")}}}`
    const { retired: gone, remaining } = retired({
      ...{ [file]: files[file] ?? "", "next.yml": next },
    })
    expect(gone).toEqual([])
    const [own] = remaining.filter(({ path }) => path === at(file))
    expect(own?.why).toContain(why)
  })

  test("are left where an environment is given another index's address", () => {
    const env = "{TWINE_REPOSITORY_URL: https://example.com}"
    for (const text of [
      publishing("{run: twine upload x}", `, env: ${env}`),
      publishing(`{run: twine upload x, env: ${env}}`),
      `env: ${env}\n${publishing("{run: twine upload x}")}`,
      publishing(
        "{uses: pypa/gh-action-pypi-publish@v1, with: {repository-url: 'https://example.com'}}",
      ),
      publishing("{run: 'UV_PUBLISH_URL=https://example.com uv publish'}"),
      publishing("{run: 'uv publish --index=$INDEX'}"),
      publishing("{run: semantic-release publish}"),
    ]) {
      const { retired: gone, remaining } = retired({ "a.yml": text })
      expect(gone, text).toEqual([])
      expect(remaining, text).toHaveLength(1)
    }
  })

  test.each([
    "{run: 'twine upload -r testpypi dist/*'}",
    "{run: 'pip install -r requirements.txt; twine upload dist/*'}",
    "{run: 'uv publish --publish-url https://test.pypi.org/legacy/'}",
    "{run: hatch -v publish, env: {HATCH_INDEX_REPO: main}}",
    "{run: 'TWINE_REPOSITORY=pypi twine upload x'}",
    "{run: 'echo $T | twine upload dist/*'}",
    "{uses: pypa/gh-action-pypi-publish@v1, with: {repository-url: }}",
    "{uses: JRubics/poetry-publish@v2.0, with: {pypi_token: x}}",
    "{uses: PyO3/maturin-action@v1, with: {command: upload}}",
    "{run: tox -e publish, env: {FLIT_PASSWORD: '$PYPI'}}",
  ])("go where there is no doubt: %s", (step) => {
    const { retired: gone, remaining } = retired({ "a.yml": publishing(step) })
    expect(gone).toMatchObject([{ jobs: ["r"], text: null }])
    expect(remaining).toEqual([])
  })

  test.each([
    ["", "{run: tox -e publish, env: {FLIT_PASSWORD: x}}", ""],
    ["", "{run: make}", ", env: {TWINE_PASSWORD: x}"],
    ["env: {TWINE_PASSWORD: x}\n", "{run: make release}", ""],
    ["", "{run: poetry config pypi-token.pypi $T}", ""],
    ["", "{run: '# nothing', env: {TWINE_PASSWORD: x}}", ""],
  ])(
    "are left and named where a token alone speaks for it: %s%s%s",
    (head, step, rest) => {
      const text = head + publishing(step, rest)
      const { retired: gone, remaining } = retired({ "a.yml": text })
      expect(gone).toEqual([])
      expect(remaining).toMatchObject([{ path: at("a.yml"), jobs: ["r"] }])
    },
  )

  test.each([
    publishing("{run: ./run-db-tests.sh, env: {PASSWORD: postgres}}"),
    publishing("{uses: docker/login-action@v3, with: {password: x}}"),
    publishing("{run: uv publish --dry-run dist/*}"),
    publishing("{run: 'echo twine upload dist/*'}"),
    publishing("{uses: octo/lint@v1, env: {TWINE_PASSWORD: x}}"),
    `env: {TWINE_PASSWORD: x}\n${publishing("{run: tox}")}`,
    "jobs: {docs: {uses: ./.github/workflows/publish-docs.yml}}",
  ])("are not those that only look like it: %s", (text) => {
    const docs = "on: workflow_call\njobs: {d: {steps: [{run: mkdocs build}]}}"
    const files = { "a.yml": text, "publish-docs.yml": docs }
    expect(retired(files)).toEqual({ retired: [], remaining: [] })
  })

  test("are told where others call them", () => {
    const call = (uses: string, rest = "") =>
      `on: push\njobs: {r: {uses: ${uses}${rest}}}`
    const upload = publishing("{run: twine upload x}")
    const called = upload.replace("push", "workflow_call")
    const { retired: gone, remaining } = retired({
      "_upload.yml": called,
      "local.yml": call("./.github/workflows/_upload.yml"),
      "twice.yml": call("./.github/workflows/local.yml"),
      "remote.yml": call("octo/shared/.github/workflows/pypi.yml@v1"),
      "given.yml": call(
        "octo/a/.github/workflows/b.yml@v1",
        ", secrets: {PYPI_TOKEN: x}",
      ),
      "image.yml": call("octo/a/.github/workflows/publish-image.yml@v1"),
    })
    expect(gone).toEqual([])
    expect(remaining.map(({ path }) => path)).toEqual(
      ["_upload.yml", "local.yml", "twice.yml", "remote.yml", "given.yml"].map(
        at,
      ),
    )
  })

  test("keep what else may publish, and say so", () => {
    const text = `jobs:
  one:
    steps: [{run: twine upload x}]
  two:
    steps: [{run: twine upload -r ours x}]
`
    const { retired: gone, remaining } = retired({ "a.yml": text })
    expect(jobsOf(gone[0]?.text)).toEqual(["two"])
    expect(remaining).toMatchObject([{ path: at("a.yml"), jobs: ["two"] }])
    const own = retired({ "deploy.yml": text })
    expect(own.remaining).toMatchObject([{ path: at("deploy-rest.yml") }])
  })

  test("are scaffold's own, under another name", () => {
    const deploy = read("dagger/templates/deploy.yml")
    const releasing = read("dagger/templates/releasing.yml")
    const files = { "old.yml": deploy, "deploy.yml": deploy }
    const { retired: gone, remaining } = retired({
      ...files,
      "releasing.yml": releasing,
    })
    expect(remaining).toEqual([])
    expect(gone).toMatchObject([{ path: at("old.yml"), text: null }])
  })

  test("are not scaffold's own where somebody added a job", () => {
    const deploy = read("dagger/templates/deploy.yml")
    const added = `${deploy}\n  docs:\n    steps: []\n`
    const { retired: gone, remaining } = retired({ "old.yml": added })
    expect(gone).toEqual([])
    expect(remaining).toMatchObject([{ path: at("old.yml") }])
    const ids = ["deploy.yml", "releasing.yml"].flatMap((file) =>
      jobsOf(read(`dagger/templates/${file}`)),
    )
    expect(OWN_JOBS).toEqual(ids)
  })
})

describe("jobs that wait for one that publishes", () => {
  const guide = read("test/fixtures/workflows/guide.yml")
  /** A workflow where a job with some steps waits for the one that publishes. */
  const waiting = (steps: string, rest = "needs: publish") => `on: push
jobs:
  test:
    steps: [{run: tox}]
  publish:
    needs: test
    steps: [{run: twine upload dist/*}]
  after:
    ${rest}
    steps: ${steps}
`

  test("go with it where they make the release of the PyPA's guide", () => {
    const { retired: gone, remaining } = retired({ "release.yml": guide })
    expect(remaining).toEqual([])
    expect(gone).toEqual([
      {
        ...{ path: at("release.yml"), to: at("release.yml"), text: null },
        jobs: ["build", "publish-to-pypi", "github-release"].concat(
          "publish-to-testpypi",
        ),
        lost: [],
        followers: [{ id: "github-release", does: ["signatures", "release"] }],
      },
    ])
  })

  test("go in a row, and leave what has nothing to do with them", () => {
    const more = `${guide}
  tell:
    needs: [build, github-release]
    steps:
    - uses: slackapi/slack-github-action@v2
    - uses: sarisia/actions-status-discord@v1
  lint:
    steps: [{run: ruff check}]
`
    const { retired: gone, remaining } = retired({ "ci.yml": more })
    expect(remaining).toEqual([])
    expect(jobsOf(gone[0]?.text)).toEqual(["lint"])
    expect(gone[0]?.followers).toEqual([
      { id: "github-release", does: ["signatures", "release"] },
      { id: "tell", does: ["slack", "discord"] },
    ])
  })

  test.each([
    ["[{uses: softprops/action-gh-release@v2}]", ["release"]],
    ["[{uses: ncipollo/release-action@v1, with: {tag: x}}]", ["release"]],
    [
      "[{uses: actions/create-release@v1}, {uses: actions/upload-release-asset@v1}]",
      ["release"],
    ],
    [
      "[{uses: actions/checkout@v4}, {uses: actions/setup-python@v5}, {uses: actions/download-artifact@v4}, {uses: actions/attest-build-provenance@v2}, {uses: Softprops/Action-GH-Release@v2}, {uses: actions/upload-artifact@v4}]",
      ["provenance", "release"],
    ],
    [
      "[{run: pip install sigstore && python -m sigstore sign dist/*}]",
      ["signatures"],
    ],
    ["[{uses: 8398a7/action-slack@v3}]", ["slack"]],
    [
      `[{uses: softprops/action-gh-release@v2, with: {repository: '\${{ github.repository }}'}}]`,
      ["release"],
    ],
    [
      `[{run: 'gh release view $T >/dev/null 2>&1 || gh release create \${{ a && b }} -R \${{ github.repository }}'}]`,
      ["release"],
    ],
    [
      '[{run: \'gh release create "$T" --notes "$(git log -1)"\'}]',
      ["release"],
    ],
    [
      `
      - run: |
          set -eu
          # Of this tag.
          TAG="\${GITHUB_REF#refs/tags/}"
          if ! gh release view "$TAG"; then
            echo "It is new" >&2
            gh release create "$TAG" \\
              --generate-notes
          fi
          for file in dist/*; do gh release upload "$TAG" "$file"; done`,
      ["release"],
    ],
  ])("go with it where they do nothing but: %s", (steps, does) => {
    const { retired: gone, remaining } = retired({ "a.yml": waiting(steps) })
    expect(remaining).toEqual([])
    expect(gone).toMatchObject([
      { jobs: ["publish", "after"], followers: [{ id: "after", does }] },
    ])
    expect(jobsOf(gone[0]?.text)).toEqual(["test"])
  })

  test("go with it where they wait for its gates, too, or a token is near", () => {
    const steps = "[{run: gh release create x}]"
    for (const text of [
      waiting(steps, "needs: [test, publish]"),
      waiting(steps, "needs: [lint, publish]").replace(
        "test:",
        "lint:\n    steps: [{run: ruff}]\n  test:\n    needs: lint",
      ),
      `env: {TWINE_PASSWORD: x}\n${waiting(steps)}`,
    ]) {
      const { retired: gone, remaining } = retired({ "a.yml": text })
      expect(gone).toMatchObject([{ jobs: ["publish", "after"] }])
      expect(remaining).toEqual([])
    }
  })

  test.each([
    ["[{run: mkdocs gh-deploy}]", "(after: mkdocs gh-deploy)"],
    [
      "[{run: gh release create x}, {name: Image, uses: docker/build-push-action@v6}]",
      "(after: Image)",
    ],
    ["[{run: gh release create x && docker push x}]", "(after: gh release"],
    ["[{run: 'echo done | ./announce'}]", "(after: echo done"],
    ["[{run: 'gh release create x --notes \"$(./make)\"'}]", "(after: gh"],
    ["[{run: gh release create x --repo octo/tap}]", "(after: gh release"],
    [
      "[{run: gh release list, env: {GH_REPO: octo/tap}}]",
      "(after: gh release list)",
    ],
    ["[{run: 'gh release list -R https://x.org/o/r'}]", "(after: gh release"],
    ["[{run: gh release delete x}]", "(after: gh release delete x)"],
    [
      "[{uses: softprops/action-gh-release@v2, with: {repository: octo/tap}}]",
      "(after: softprops/action-gh-release@v2)",
    ],
    ["[{run: echo done}]", "(after: neither makes a release nor tells of one)"],
    [
      "[{uses: actions/attest-build-provenance@v2}]",
      "(after: neither makes a release nor tells of one)",
    ],
  ])("keep the file where they do more: %s", (steps, what) => {
    const text = waiting(steps)
    const { retired: gone, remaining } = retired({ "a.yml": text })
    expect(gone).toEqual([])
    expect(remaining).toMatchObject([{ path: at("a.yml"), jobs: ["publish"] }])
    const [own] = remaining
    expect(own?.why).toMatch(/^after would wait for what is gone, with work/)
    expect(own?.why).toContain(what)
  })

  test("keep the file where they call a workflow, or bring what others made", () => {
    const release = "[{run: gh release create x}]"
    const binaries = "  binaries:\n    steps: [{run: make}]\n"
    const docs = "  docs:\n    needs: after\n    steps: [{run: mkdocs}]\n"
    for (const [text, why] of [
      [
        waiting(
          "[]",
          "needs: publish\n    uses: o/r/.github/workflows/x.yml@v1",
        ),
        "after would wait for what is gone, with work that the new workflow does not do (after: o/r/.github/workflows/x.yml@v1)",
      ],
      [
        waiting(release, "needs: [binaries, publish]") + binaries,
        "(after: waits for binaries, too)",
      ],
      [waiting(release) + docs, "docs would wait for what is gone, with work"],
    ] as const) {
      const { retired: gone, remaining } = retired({ "a.yml": text })
      expect(gone).toEqual([])
      expect(remaining).toHaveLength(1)
      expect(remaining[0]?.why).toContain(why)
    }
  })
})

describe("a workflow under the name of the new one", () => {
  const check = (text: string, others: Record<string, string> = {}) => {
    const texts = { [DEPLOY]: text, ...others }
    checkWritten(texts, DEPLOY, retire(texts, DEPLOY))
    return retire(texts, DEPLOY).retired
  }

  test("is replaced where it is scaffold's own, or publishes", () => {
    expect(check(read("dagger/templates/deploy.yml"))).toEqual([])
    const upload = publishing("{run: twine upload x}")
    expect(check(upload)).toMatchObject([{ path: DEPLOY, text: null }])
    expect(check("# Written by pypi-deploy:\njobs: [")).toEqual([])
    expect(() => checkWritten({}, DEPLOY, retire({}, DEPLOY))).not.toThrow()
  })

  test("goes on under another name with what else it does", () => {
    const [gone] = check(CI)
    expect(gone?.to).toBe(at("deploy-rest.yml"))
    expect(jobsOf(gone?.text)).toEqual(["lint", "test", "docs"])
    expect(() => check(CI, { [at("deploy-rest.yml")]: "jobs: {}" })).toThrow(
      /deploy\.yml does more than to publish, and \S+deploy-rest\.yml, .* --file=/,
    )
  })

  test("is not replaced where somebody added a job to scaffold's own", () => {
    const added = `${read("dagger/templates/deploy.yml")}\n  docs:\n    steps: []\n`
    expect(() => check(added)).toThrow(/deploy\.yml has jobs .* lost: docs\./)
  })

  test.each([
    [
      "jobs: {site: {steps: [{run: ./deploy}]}}",
      /does not publish\. .*--file=/,
    ],
    ["jobs: [", /does not publish\. .*--file=/],
    [
      read("test/fixtures/workflows/mixed.yml"),
      /publish publishes there, or may, .*announce would wait.* --file=/,
    ],
  ])("is not written over else: %s", (text, says) => {
    expect(() => check(text)).toThrow(says)
  })
})

describe("jobs are cut out", () => {
  const anchored = `jobs:
  publish:
    runs-on: &runner ubuntu-latest
    steps: &co
      - run: twine upload x
  lint:
    runs-on: *runner
`

  test("but not where an alias would lose its anchor", () => {
    expect(() => withoutJobs("all.yml", anchored, ["publish"])).toThrow(
      /^all\.yml:7 has \*runner, whose anchor &runner stands in a job/,
    )
    expect(withoutJobs("all.yml", anchored, ["lint"])).toBe(
      anchored.replace(/ {2}lint:\n.*\n/, ""),
    )
  })

  test("but not where an alias would get another anchor", () => {
    const text = anchored.replace("jobs:", "x-a: &runner macos\njobs:")
    expect(() => withoutJobs("all.yml", text, ["publish"])).toThrow(/\*runner/)
  })

  test("with their comments, from the beginning, the middle and the end", () => {
    const job = (id: string) => `  # About ${id}\n  ${id}:\n    steps: []\n`
    const text = `jobs:\n${["a", "b", "c"].map(job).join("\n")}\n# end\non: push\n`
    expect(withoutJobs("", text, ["a"])).toBe(text.replace(`${job("a")}\n`, ""))
    expect(withoutJobs("", text, ["b"])).toBe(text.replace(`${job("b")}\n`, ""))
    expect(withoutJobs("", text, ["c", "gone"])).toBe(
      text.replace(job("c"), ""),
    )
  })

  test("down to the last line, with or without its end", () => {
    const text =
      "jobs:\n  a: {}\n\n  b:\n    steps:\n      - run: |\n          x"
    expect(withoutJobs("", text, ["b"])).toBe("jobs:\n  a: {}\n")
    expect(withoutJobs("", "jobs:\n  a: {}\n  b:", ["b"])).toBe(
      "jobs:\n  a: {}\n",
    )
  })

  test("not out of lines that they share", () => {
    expect(withoutJobs("", "jobs: {a: {}, b: {}}", ["a"])).toBeUndefined()
    expect(withoutJobs("", "on: push", ["a"])).toBeUndefined()
    const alias = "x: &j\n  a: {}\njobs: *j\n"
    expect(withoutJobs("", alias, ["a"])).toBeUndefined()
    const named = "x: &k b\njobs:\n  a: {}\n  *k : {}\n"
    expect(withoutJobs("", named, ["b"])).toBeUndefined()
    const empty = "jobs:\n  a: {}\n  ? b\n"
    expect(withoutJobs("", empty, ["b"])).toBe("jobs:\n  a: {}\n")
    const merged = "x: &j\n  a: {}\njobs:\n  b: {}\n  ? c\n  : {}\n"
    expect(withoutJobs("", merged, ["b"])).toBe(merged.replace("  b: {}\n", ""))
  })
})
