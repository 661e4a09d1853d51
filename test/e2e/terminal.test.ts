import { spawnSync } from "node:child_process"
import { stripVTControlCharacters } from "node:util"
import { describe, expect, inject, test } from "vitest"

import { project } from "../fixtures/project.js"
import { root } from "../root.js"
import { engine } from "./call.js"

const environment = (): NodeJS.ProcessEnv => {
  const { CI: _, NO_COLOR: __, ...rest } = process.env
  return { ...rest, TERM: "xterm-256color", XDG_CACHE_HOME: inject("cache") }
}

/** A command line in a terminal of its own (script, of util-linux). */
function inTerminal(columns: number, command: string): string {
  const size = `stty cols ${columns} rows 30`
  const { stdout } = spawnSync(
    "script",
    ["--quiet", "--return", "--command", `${size}; ${command}`, "/dev/null"],
    { cwd: root, env: environment(), encoding: "utf8" },
  )
  return stdout
}

function inShell(shell: string, script: string): string[] {
  const words = shell === "bash" ? ["--norc", "-c"] : ["-f", "-c"]
  const { stdout } = spawnSync(shell, [...words, script], {
    cwd: root,
    env: environment(),
    encoding: "utf8",
  })
  return stdout.split("\n").filter(Boolean)
}

const has = (program: string) => spawnSync(program, ["--version"]).status === 0

describe.runIf(engine === "embedded")("on a terminal", () => {
  test.each([80, 160])("%i columns wide, progress is a tree", async (width) => {
    const { path } = await project("greeter", { commits: 2 })
    const call = `./call version --source=${path}`
    const shown = inTerminal(width, call)
    // Drawn again and again, then once for good; the cursor comes back.
    expect(shown).toContain("\u001b[?25l")
    expect(shown).toContain("\u001b[?25h")
    const last = shown.slice(shown.lastIndexOf("\u001b[J") + 3)
    const lines = stripVTControlCharacters(last).split(/\r?\n/)
    expect(lines.filter((line) => line.startsWith("✔ version"))).toHaveLength(1)
    expect(lines.join("\n")).toMatch(/^ {2}[✔=] python \/tools\/facts\.py/m)
    expect(lines.join("\n")).toMatch(/^\d+\.\d+\.\d+.*$/m)
    for (const line of lines)
      expect([...line].length).toBeLessThanOrEqual(width)
  })

  test("progress is lines in CI, and none with --silent", async () => {
    const { path } = await project("greeter", { commits: 2 })
    const call = `./call version --source=${path}`
    const lines = inTerminal(80, `CI=true ${call}`)
    expect(lines).not.toContain("\u001b[?25l")
    expect(lines).toMatch(/^[✔=] python \/tools\/facts\.py .*/m)
    // That a folder isolates less is said at all times.
    expect(inTerminal(80, `${call} --silent`)).toMatch(
      /^(call: commands are not isolated.*\r?\n)?\S+\r?\n$/,
    )
  })

  test("help is as wide as it is", () => {
    const widths = [80, 160].map((columns) => {
      const lines = inTerminal(columns, "./call --help").split(/\r?\n/)
      return Math.max(...lines.map((line) => line.length))
    })
    expect(widths[0]).toBeLessThanOrEqual(80)
    expect(widths[1]).toBeLessThanOrEqual(160)
    expect(widths[1]).toBeGreaterThan(80)
  })
})

describe.runIf(engine === "embedded")("a shell completes", () => {
  test.each<[string[], string[]]>([
    [
      ["./call", "ver"],
      ["version", "verify"],
    ],
    [["./call", "version", "--loc"], ["--local"]],
    [["./call", "verify", "--format", "=", "J"], ["JSON"]],
    [["./call", "build", "exp"], ["export"]],
  ])("in bash: %j", (words, choices) => {
    const script = `source <(./call --completion=bash)
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
      COMP_CWORD=${words.length - 1}
      _pypi_deploy_call 2>&-
      printf '%s\\n' "\${COMPREPLY[@]}"`
    expect(inShell("bash", script).sort()).toEqual([...choices].sort())
  })

  test("in bash, by the command's name", () => {
    const script = "source <(./call --completion=bash); complete -p ./call"
    expect(inShell("bash", script).join()).toMatch(/-F _pypi_deploy_call/)
  })

  test.skipIf(!has("zsh"))("in zsh, where it is", () => {
    const script = `source <(./call --completion=zsh)
      print -r -- $_comps[call] $_comps[./call]
      compadd() { [[ $argv[-2] == -a ]] && print -rl -- \${(P)argv[-1]} }
      words=(./call ver); CURRENT=2; _pypi_deploy_call
      words=(./call verify --format=J); CURRENT=3; _pypi_deploy_call`
    expect(inShell("zsh", script)).toEqual([
      "_pypi_deploy_call _pypi_deploy_call",
      ...["version", "verify", "--format=JSON"],
    ])
  })
})
