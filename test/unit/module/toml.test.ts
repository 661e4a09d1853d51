import { expect, test } from "vitest"

import { parseToml } from "../../../dagger/src/toml.js"

test("lines may end as on Windows, those with comments too", () => {
  const source = '# A demo\r\n[project] # it\r\nname = "demo"\r\n'
  expect(parseToml(source, "x.toml")).toEqual({ project: { name: "demo" } })
})

test("a file that is none is told by line and column", () => {
  expect(() => parseToml("a = 1\r\nb = ?\r\n", "x.toml")).toThrow(
    /^x\.toml is not valid TOML at line 2, column 5: /,
  )
})
