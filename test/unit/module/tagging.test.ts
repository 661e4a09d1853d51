import { describe, expect, test } from "vitest"
import { readTag } from "../../../dagger/src/tag.js"
import { readTagging } from "../../../dagger/src/tagging.js"
import { parseToml } from "../../../dagger/src/toml.js"

/** What the tag releases in a project with these settings. */
const released = (settings: string, tag: string, name = "Demo_Pkg") => {
  const tagging = readTagging(parseToml(settings, "x"), name, "pyproject.toml")
  const read = readTag(tag, tagging)
  return read.kind === "release" ? read.version : read.kind
}

describe("without settings", () => {
  test.each([
    ["v1.2", "1.2"],
    ["Demo_Pkg-1.2", "1.2"],
    ["demo-pkg-v1.2", "1.2"],
    ["demo-pkg/v1.2", "1.2"],
    ["other-v1.2", "odd"],
  ])("%s is %s", (tag, version) => {
    expect(released("", tag)).toBe(version)
  })
})

describe("with a prefix", () => {
  const settings = 'tag = { prefix = "api-v" }'
  test.each([
    ["api-v1.2", "1.2"],
    ["v1.2", "foreign"],
    ["demo-pkg-v1.2", "foreign"],
  ])("%s is %s", (tag, version) => {
    expect(released(settings, tag)).toBe(version)
  })

  test("the spelling meant has it too", () => {
    const tagging = readTagging(parseToml(settings, "x"), "demo", "x")
    expect(readTag("api-v1", tagging)).toMatchObject({ meant: "api-v1.0" })
  })
})

describe("with a pattern", () => {
  const patterns: [string, string, string][] = [
    ["tag_regex = '^rel/(?P<version>.+)$'", "rel/1.2", "1.2"],
    ["tag_regex = '\\Arel/(.+)\\Z'", "rel/1.2", "1.2"],
    ["tag = { regex = 'rel/(.+)' }", "rel/1.2", "1.2"],
    ["tag_regex = '^rel/(?P<version>.+)$'", "v1.2", "foreign"],
    ["tag_regex = 'v(x)?'", "v1", "foreign"],
    ["tag = { prefix = 'a-', regex = 'v(.+)' }", "a-v1.2", "1.2"],
  ]
  test.each(patterns)("%s, %s is %s", (settings, tag, version) => {
    expect(released(settings, tag)).toBe(version)
  })

  test("the spelling meant has what stands before it", () => {
    const settings = { tag_regex: "^rel/(?P<version>.+)$" }
    const tagging = readTagging(settings, "demo", "x")
    expect(readTag("rel/1", tagging)).toMatchObject({ meant: "rel/1.0" })
  })

  test("that is Python's alone, it is refused with another way", () => {
    expect(() => released("tag_regex = '(?x) v (.+)'", "v1.2")).toThrow(
      /\(\?x\) v.*prefix = "…"/,
    )
  })
})

describe("with a describe command", () => {
  const commands: [string, string, string][] = [
    ["git_describe_command = 'git describe --match \"v*\"'", "v1.2", "1.2"],
    ["git_describe_command = 'git describe --match \"v*\"'", "1.2", "foreign"],
    ["git_describe_command = ['git', '--match=v[0-9]*']", "v1.2", "1.2"],
    ["git_describe_command = ['git', '--match=v[!0-9]*']", "v1.2", "foreign"],
    ["scm.git.describe_command = 'git --exclude *rc?'", "v1.2rc1", "foreign"],
    ["scm.git.describe_command = 'git --exclude *rc?'", "v1.2", "1.2"],
    ["scm.git.describe_command = 'git describe --match'", "v1.2", "1.2"],
    ["scm.git.describe_command = 'git describe --tags'", "v1.2", "1.2"],
    ["scm.git.describe_command = ''", "v1.2", "1.2"],
  ]
  test.each(commands)("%s, %s is %s", (settings, tag, version) => {
    expect(released(settings, tag)).toBe(version)
  })
})
