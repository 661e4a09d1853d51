import { expect, test } from "vitest"

import { bodyOf, LONGEST } from "../../../../dagger/src/release/body.js"
import { wanted } from "./facts.js"

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
