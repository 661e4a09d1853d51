import { expect, test } from "vitest"

import { bodyOf, LONGEST } from "../../../../dagger/src/release/body.js"
import { evidenceOf } from "../../../../dagger/src/release/evidence.js"
import { FILES, wanted } from "./facts.js"

const parts = wanted().body

test("a text has the notes, the install line and the hashes", () => {
  expect(bodyOf("", parts)).toBe(`Notes.

<!-- pypi-deploy -->

### Install

    pip install demo==1.2.0

### Files

| file | sha256 |
| --- | --- |
| \`demo-1.2.0.tar.gz\` | \`aa\` |
| \`demo-1.2.0-py3-none-any.whl\` | \`bb\` |

<!-- /pypi-deploy -->`)
  expect(bodyOf("", { ...parts, install: null })).not.toContain("### Install")
  expect(bodyOf("", { ...parts, notes: "" })).toMatch(/^<!-- pypi/)
})

test("what people wrote stays, around a block that is renewed", () => {
  const once = bodyOf("By hand.\r\n", parts)
  expect(once).toMatch(/^By hand\.\n\n<!-- pypi-deploy -->/)
  expect(bodyOf(once, parts)).toBe(once)
  const edited = `${once}\n\nA word more.`
  const renewed = bodyOf(edited, { ...parts, install: "pip install other" })
  expect(renewed).toContain("    pip install other")
  expect(renewed).toMatch(/^By hand\./)
  expect(renewed).toMatch(/A word more\.$/)
})

test("notes that are too long are cut between lines, with a link", () => {
  const notes = Array(20_000).fill("- A line of notes").join("\n")
  const body = bodyOf("", { ...parts, notes })
  expect(body.length).toBeLessThanOrEqual(LONGEST)
  expect(body.length).toBeGreaterThan(LONGEST - 100)
  expect(body).toMatch(
    /A line of notes\n\n… \[The rest of the notes\]\(https:\/\/x\.example\/\)\n\n<!--/,
  )
  const single = bodyOf("", { ...parts, notes: "x".repeat(200_000) })
  expect(single.length).toBeLessThanOrEqual(LONGEST)
  expect(bodyOf("", { ...parts, notes: "x".repeat(1000) })).toContain("xxx\n")
})

const receipt = (changes: object = {}) =>
  JSON.stringify({
    ...{ project: "Demo", version: "1.2.0", commit: "abc", files: FILES },
    ...{ confirmation: { python: "3.11" }, install: "pip install Demo==1.2.0" },
    ...changes,
  })

const evidence = (paper: string | null, manifest: string | null = null) =>
  evidenceOf([...FILES, { name: "pypi-deploy.json", sha256: "c" }], {
    ...{ manifest, receipt: paper },
  })

test("a receipt of the very files is evidence", () => {
  expect(evidence(receipt())).toEqual({
    ...{ project: "Demo", version: "1.2.0", commit: "abc", confirmed: true },
    install: "pip install Demo==1.2.0",
  })
  const none = { commit: null, confirmed: false, install: null }
  expect(evidence(null)).toEqual({ project: "demo", version: "1.2.0", ...none })
  expect(evidence(null, '{"project": "Demo", "commit": "d"}')).toMatchObject({
    ...{ project: "Demo", commit: "d" },
  })
})

test("another receipt is refused", () => {
  const no = (changes: object) => () => evidence(receipt(changes))
  expect(no({ version: "1.3" })).toThrow(/is of version 1\.3/)
  expect(no({ version: 1 })).toThrow(/is of version unknown/)
  expect(no({ files: FILES.slice(1) })).toThrow(/bytes of demo-1\.2\.0\.tar/)
  expect(no({ files: "x" })).toThrow(/has not the bytes/)
  expect(no({ confirmation: null })).toThrow(/does not say that the index/)
  expect(() => evidence("{")).toThrow(/--receipt is not JSON/)
})
