import { describe, expect, test } from "vitest"

import type { MadeName } from "../fixtures/made.js"
import { project } from "../fixtures/project.js"
import { call, succeed } from "./call.js"
import { expectDone } from "./expect.js"

const onProject = async (name: MadeName, ...flags: string[]) => {
  const { path } = await project(name)
  return call(["test", `--source=${path}`, ...flags])
}

describe("test", () => {
  test("runs the project's own tests, with the extra that has them", async () => {
    const { path } = await project("pluggy", { commits: 2 })
    expect(await succeed(["test", `--source=${path}`])).toMatch(/\d+ passed/)
  })

  test("runs them against the installed wheel where a flat layout would hide it", async () => {
    const outcome = await onProject("flat-layout")
    expectDone(outcome)
    expect(outcome.stdout).toContain("2 passed")
  })

  test("fails with the failing test's name and its reason", async () => {
    const { exitCode, stderr } = await onProject("failing-tests")
    expect(exitCode).toBe(1)
    expect(stderr).toContain("test_is_wrong")
    expect(stderr).toContain("Goodbye, Ada")
  })

  test("fails when there are no tests to collect", async () => {
    const { exitCode, stderr } = await onProject("no-tests")
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/no tests/i)
  })

  test("fails when the wheel lacks a file that the source tree has", async () => {
    const { exitCode, stderr } = await onProject("lost-data")
    expect(exitCode).toBe(1)
    expect(stderr).toContain("greetings.txt")
  })

  test("runs those inside the package, beside the others", async () => {
    const files = {
      "pytest.ini": "[pytest]\ntestpaths = src tests\n",
      "src/greeter/tests/test_in.py": `import greeter

def test_the_wheel_is_what_is_tested():
    assert greeter.nothing_there
`,
    }
    const { path } = await project("greeter", { files })
    const { exitCode, stderr } = await call(["test", `--source=${path}`])
    expect(exitCode).toBe(1)
    expect(stderr).toContain("1 of 3 failed")
  })

  test("--pythons runs them on each interpreter", async () => {
    const outcome = await onProject("greeter", "--pythons=3.10,3.12,3.10")
    expectDone(outcome)
    expect(outcome.stdout).toContain("3.10")
    expect(outcome.stdout).toContain("3.12")
    expect(outcome.stdout.match(/2 passed/g)).toHaveLength(2)
  })

  test("--command runs another command, with the wheel installed", async () => {
    const outcome = await onProject("no-tests", "--command=greeter Ada")
    expectDone(outcome)
    expect(outcome.stdout).toContain("Hello, Ada")
  })

  test("--command fails when that command fails", async () => {
    const { exitCode, stderr } = await onProject(
      "greeter",
      "--command=python -c 'raise SystemExit(3)'",
    )
    expect(exitCode).toBe(1)
    expect(stderr).toContain("3")
  })
})
