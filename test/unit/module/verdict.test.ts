import { describe, expect, test } from "vitest"
import {
  commandFinding,
  failures,
  installCheck,
  merged,
  sizeCheck,
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

  test("is a note where an extra brings what it lacks", () => {
    const crashed = { name: "demo", exitCode: 1, output: "", lacks: "jinja2" }
    expect(commandFinding("1.2.0", crashed)).toEqual({
      note: "demo needs jinja2, which an extra brings",
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

test("a check that only warns fails nothing", () => {
  const check = versionCheck("1.0", { "name of a.whl": "1.1" })
  expect(failures([{ ...check, severity: "warning" }])).toEqual([])
})

test("a file on two interpreters is one check", () => {
  const wheel = (python: string, problems: string[]) =>
    installCheck("demo.whl", "1.0", { problems, imported: ["demo"] }, python)
  const sdist = installCheck("demo.tar.gz", "1.0", { problems: [] })
  const [check, other, ...more] = merged([
    wheel("3.9", []),
    sdist,
    wheel("3.13", ["import demo failed"]),
  ])
  expect(check?.evidence).toEqual([
    "demo.whl on Python 3.9: imported demo",
    "demo.whl on Python 3.13: imported demo",
  ])
  expect(check?.problems).toEqual([
    "demo.whl on Python 3.13: import demo failed",
  ])
  expect(other?.evidence).toEqual(["demo.tar.gz: imported nothing"])
  expect(more).toEqual([])
})

describe("sizes against the previous release", () => {
  const wheel = { name: "demo-1.1-py3-none-any.whl", size: 2000 }
  const sdist = { name: "demo-1.1.tar.gz", size: 1000 }
  const check = (wheelSize: number, sdistSize: number) =>
    sizeCheck([wheel, sdist], {
      version: "1.0",
      sizes: {
        "demo-1.0-py3-none-any.whl": wheelSize,
        "demo-1.0.tar.gz": sdistSize,
      },
    })

  test("are a warning at a factor, larger or smaller", () => {
    const { severity, problems } = check(1000, 2000)
    expect(severity).toBe("warning")
    expect(problems).toEqual([
      "demo-1.1-py3-none-any.whl has 2000 bytes, in 1.0 it had 1000",
      "demo-1.1.tar.gz has 1000 bytes, in 1.0 it had 2000",
    ])
  })

  test("may differ by less", () => {
    const { problems, evidence } = check(1001, 1999)
    expect(problems).toEqual([])
    expect(evidence).toHaveLength(2)
  })

  test("are compared with files of the same tags", () => {
    const sizes = { "demo-1.0-cp311-cp311-win32.whl": 1 }
    const { evidence } = sizeCheck([wheel], { version: "1.0", sizes })
    expect(evidence).toEqual([
      "not compared: 1.0 has no file of this kind on the index",
    ])
  })

  test("have nothing to compare with at first", () => {
    const { problems, evidence } = sizeCheck([wheel], null)
    expect(problems).toEqual([])
    expect(evidence).toEqual(["not compared: the index has no earlier release"])
  })
})
