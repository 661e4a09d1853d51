import { expect, test } from "vitest"
import { Format } from "../../../dagger/src/format.js"
import { type Page, render } from "../../../dagger/src/page.js"

const page: Page = {
  title: "demo 1.0",
  facts: [
    ["index", "pypi"],
    ["at", "now"],
  ],
  tables: [[["file", "note"], ["a.whl", "x|y"], ["long-name.whl"]]],
  notes: ["something\nodd"],
}

test("text aligns facts and columns", () => {
  expect(render({}, () => page, Format.Text)).toBe(
    `demo 1.0

index  pypi
at     now

file           note
a.whl          x|y
long-name.whl

- something
odd`,
  )
})

test("Markdown escapes cells", () => {
  expect(render({}, () => page, Format.Markdown)).toBe(
    `### demo 1.0

- **index**: pypi
- **at**: now

| file | note |
| --- | --- |
| a.whl | x\\|y |
| long-name.whl |

> something
odd`,
  )
})

test("empty parts leave no gap", () => {
  const bare = { title: "demo", facts: [], tables: [], notes: ["x"] }
  expect(render({}, () => bare, Format.Text)).toBe("demo\n\n- x")
  expect(render({}, () => bare, Format.Markdown)).toBe("### demo\n\n> x")
})

test("a table of nothing is nothing", () => {
  const bare = { title: "demo", facts: [], tables: [[]], notes: [] }
  expect(render({}, () => bare, Format.Text)).toBe("demo")
  expect(render({}, () => bare, Format.Markdown)).toBe("### demo\n\n|  |\n|  |")
})

test("JSON is the report itself", () => {
  expect(JSON.parse(render({ a: 1 }, () => page, Format.Json))).toEqual({
    a: 1,
  })
})

test("what is taken over as it stands is indented, in both forms", () => {
  const texts = [{ title: "Then: v2", text: "git tag v2\n\n- A" }]
  const page = { title: "demo", facts: [], tables: [], notes: [], texts }
  const block = "Then: v2\n\n    git tag v2\n\n    - A"
  const written = (format: Format) => render(null, () => page, format)
  expect(written(Format.Text)).toBe(`demo\n\n${block}`)
  expect(written(Format.Markdown)).toBe(`### demo\n\n#### ${block}`)
})
