import { describe, expect, test } from "vitest"
import {
  commandFinding,
  failures,
  installCheck,
  versionCheck,
} from "../../../dagger/src/verdict.js"

const command = (output: string, exitCode: number | null = 0) =>
  commandFinding("1.2.0", { name: "demo", exitCode, output })

describe("a command's --version", () => {
  test.each(["1.2.0", "demo, version 1.2", "Python 3.11.7\ndemo 1.2.0"])(
    "is right as %j",
    (output) => {
      expect(command(output)).toEqual({})
    },
  )

  test("is wrong with another version only", () => {
    expect(command("demo 1.1.0").problem).toBe(
      "demo --version prints demo 1.1.0, not 1.2.0",
    )
  })

  test("is wrong where it cannot be started", () => {
    expect(command("No such file", 127).problem).toMatch(/cannot be started/)
  })

  test.each([
    ["prints no version", "usage: demo", 0],
    ["ended with 2", "unrecognized arguments: --version", 2],
    ["did not end", "", null],
  ])("is a note where it %s", (note, output, exitCode) => {
    expect(command(output, exitCode)).toEqual({
      note: `demo --version ${note}`,
    })
  })
})

describe("an installed file", () => {
  test("passes with the same version everywhere", () => {
    const versions = {
      "importlib.metadata": "1.2",
      "demo.__version__": "1.2.0",
    }
    const check = installCheck("demo.whl", "1.2.0", { problems: [], versions })
    expect(check).toMatchObject({
      id: "install-wheel",
      problems: [],
      notes: [],
    })
  })

  test("fails with every finding, under its file's name", () => {
    const check = installCheck("demo.tar.gz", "1.2.0", {
      problems: ["import demo failed: KeyError: 1"],
      versions: { "demo.__version__": "unknown" },
      commands: [
        { name: "demo", exitCode: 0, output: "9.9" },
        { name: "other", exitCode: 2, output: "" },
      ],
    })
    expect(check.id).toBe("install-sdist")
    expect(check.problems).toEqual([
      "demo.tar.gz: import demo failed: KeyError: 1",
      "demo.tar.gz: demo.__version__ is unknown, not 1.2.0",
      "demo.tar.gz: demo --version prints 9.9, not 1.2.0",
    ])
    expect(check.notes).toEqual(["demo.tar.gz: other --version ended with 2"])
  })
})

test("failed checks are named with what they found", () => {
  const checks = [
    versionCheck("1.0", { "name of a.whl": "1.0" }),
    versionCheck("1.0", { "name of a.whl": "1.1", "name of b.whl": "2" }),
  ]
  expect(failures(checks)).toEqual([
    "version (protects from a release that is two versions at once):\n    name of a.whl is 1.1, not 1.0\n    name of b.whl is 2, not 1.0",
  ])
})
