import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import {
  liveView,
  plainView,
  type Screen,
  silentView,
  type View,
  viewFor,
} from "../../../engine/cli/view.js"

function told(view: View): void {
  view.note("reading the functions of greeter")
  view.stage("test")
  view.event({ id: "1", name: "pytest", state: "started" })
  view.event({ id: "1", name: "pytest", state: "output", line: "collected 3" })
  view.event({ id: "1", name: "pytest", state: "done", milliseconds: 1250 })
  view.event({ id: "2", name: "twine", state: "cached" })
  view.event({ id: "3", name: `x\n${"y".repeat(200)}`, state: "failed" })
  view.say("Nothing is written.\n")
  view.end(true)
}

describe("plain lines", () => {
  function print(debug: boolean): string[] {
    const lines: string[] = []
    told(plainView((text) => lines.push(text), debug))
    return lines
  }

  test("are one for each step that ended", () => {
    expect(print(false)).toEqual([
      "call: reading the functions of greeter\n",
      "✔ pytest 1.3s\n",
      "= twine (cached)\n",
      `✘ x ${"y".repeat(137)}… 0.0s\n`,
      "Nothing is written.\n",
    ])
  })

  test("have all that steps print when debugging", () => {
    expect(print(true).slice(1, 3)).toEqual(["… pytest\n", "  collected 3\n"])
  })

  test("are none but what must be said when silent", () => {
    const lines: string[] = []
    told(silentView((text) => lines.push(text)))
    expect(lines).toEqual(["Nothing is written.\n"])
  })
})

/** Two lines up, and all below erased. */
const AGAIN = "\u001b[2F\u001b[J"

describe("a live tree", () => {
  let written = ""
  const screen: Screen = {
    write: (text) => {
      written += text
    },
    size: () => ({ columns: 40, rows: 5 }),
    color: false,
    now: () => Date.now(),
  }
  beforeEach(() => {
    written = ""
    vi.useFakeTimers({ now: 0 })
  })
  afterEach(() => vi.useRealTimers())

  test("is drawn over itself, and stays whole at the end", () => {
    const view = liveView(screen)
    view.stage("test")
    view.event({ id: "1", name: "pytest", state: "started" })
    vi.advanceTimersByTime(100)
    expect(written).toBe("\u001b[?25l⠙ test 0.1s\n  ⠙ pytest 0.1s\n")
    vi.advanceTimersByTime(100)
    expect(written).toContain(`${AGAIN}⠹ test 0.2s\n  ⠹ pytest 0.2s\n`)
    view.event({ id: "1", name: "pytest", state: "done", milliseconds: 150 })
    view.end(false)
    expect(written).toContain(
      `${AGAIN}✔ test 0.2s, 1 done\n  ✔ pytest 0.1s\n\u001b[?25h`,
    )
    const length = written.length
    view.end(false)
    vi.advanceTimersByTime(500)
    expect(written).toHaveLength(length)
  })

  test("leaves what is said above it", () => {
    const view = liveView(screen)
    view.event({ id: "0", name: "before any stage", state: "cached" })
    view.note("reading")
    vi.advanceTimersByTime(100)
    view.say("Mind this.\n")
    vi.advanceTimersByTime(100)
    view.stage("test")
    view.end(true)
    expect(written).toContain("\u001b[1F\u001b[JMind this.\n⠹ reading 0.2s\n")
    expect(written).toContain("✔ reading 0.2s\n✘ test 0.0s\n")
  })

  test("is nothing where nothing was done", () => {
    liveView(screen).end(false)
    expect(written).toBe("")
  })

  test.each<[string, string[], Record<string, string>, boolean, string]>([
    ["a terminal", [], {}, true, "live"],
    ["CI", [], { CI: "true" }, true, "plain"],
    ["a simple terminal", [], { TERM: "dumb" }, true, "plain"],
    ["a file", [], {}, false, "plain"],
    ["--debug", ["--debug"], {}, true, "plain"],
    ["--silent", ["version", "--silent"], {}, true, "silent"],
    ["-s", ["-s"], {}, true, "silent"],
    ["completion", ["--complete", "ver"], {}, true, "silent"],
  ])("for %s: %j", (_, words, environment, isTerminal, kind) => {
    let plain = ""
    const view = viewFor(words, {
      stderr: (text) => {
        plain += text
      },
      screen: isTerminal ? screen : undefined,
      environment,
    })
    view.note("reading")
    view.end(false)
    expect(written !== "" ? "live" : plain !== "" ? "plain" : "silent").toBe(
      kind,
    )
  })
})
