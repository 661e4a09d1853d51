import { execFileSync } from "node:child_process"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"

import { start } from "../e2e/start.js"
import { root } from "../root.js"
import { githubVariables } from "./event.js"
import { type Contexts, interpolate, type Status } from "./expression.js"
import type { Run } from "./run.js"

/** A step as the workflow has it. */
export interface StepSpec {
  id?: string
  name?: string
  uses?: string
  with?: Record<string, string | number | boolean>
  run?: string
  env?: Record<string, string>
  "working-directory"?: string
}

interface Scope {
  contexts: Contexts
  env: Record<string, string>
}

interface Place {
  run: Run
  /** The job's own folder. */
  workspace: string
}

type Inputs = Record<string, string>
type Outputs = Record<string, string>

const GOOD: Status = { success: true, failure: false, cancelled: false }

/** The files that a `path:` names: a file, a folder, or `FOLDER/*.EXT`. */
function matching(workspace: string, path: string): string[] {
  const [folder, ending] = [dirname(path), basename(path).replace("*", "")]
  if (!path.includes("*")) return [path]
  const names = readdirSync(join(workspace, folder))
  return names.filter((it) => it.endsWith(ending)).map((it) => join(folder, it))
}

/** What the actions do that deploy.yml uses, by OWNER/NAME. */
const ACTIONS: Record<string, (place: Place, inputs: Inputs) => Outputs> = {
  "actions/checkout": ({ run, workspace }, inputs) => {
    const depth = inputs["fetch-depth"] === "0" ? [] : ["--depth=1"]
    const from = `file://${run.repository}`
    const clone = ["clone", "--quiet", ...depth, from, workspace]
    execFileSync("git", clone, { stdio: "pipe" })
    const detach = ["-C", workspace, "checkout", "--quiet", "--detach", run.sha]
    execFileSync("git", detach, { stdio: "pipe" })
    return {}
  },
  "dagger/dagger-for-github": () => ({}),
  "actions/upload-artifact": ({ run, workspace }, inputs): Outputs => {
    const { name = "artifact", path = "" } = inputs
    const target = join(run.artifacts, name)
    mkdirSync(target, { recursive: true })
    const found = matching(workspace, path)
    if (!existsSync(join(workspace, found[0] ?? path))) {
      if (inputs["if-no-files-found"] === "ignore") return {}
      throw new Error(`${path} matches no file.`)
    }
    for (const file of found) {
      const folder = readdirIfFolder(join(workspace, file))
      if (folder === undefined)
        cpSync(join(workspace, file), join(target, basename(file)))
      else cpSync(join(workspace, file), target, { recursive: true })
    }
    return { "artifact-id": name }
  },
  "actions/download-artifact": ({ run, workspace }, inputs) => {
    const { pattern = "" } = inputs
    const name = inputs["artifact-ids"] ?? inputs.name ?? pattern
    const from = join(run.artifacts, name)
    // A pattern may match nothing, a name may not.
    if (pattern !== "" && !existsSync(from)) return {}
    if (name === "" || !existsSync(from))
      throw new Error(`There is no artifact "${name}".`)
    cpSync(from, join(workspace, inputs.path ?? "."), { recursive: true })
    return {}
  },
}

function readdirIfFolder(path: string): string[] | undefined {
  try {
    return readdirSync(path)
  } catch {
    return undefined
  }
}

/** `name=value` and `name<<END … END` lines, as $GITHUB_OUTPUT has them. */
export function readOutputs(text: string): Outputs {
  const found: Outputs = {}
  for (const match of text.matchAll(
    /^([\w-]+)(?:=(.*)|<<(.*)\n([\s\S]*?)\n\3)$/gm,
  ))
    found[match[1] ?? ""] = match[2] ?? match[4] ?? ""
  return found
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : ""
}

/** Runs a job's steps in a folder of its own, until one fails. */
export async function runSteps(
  run: Run,
  job: {
    steps: StepSpec[]
    permissions?: Record<string, string>
    environment?: { name: string }
  },
  { contexts, env }: Scope,
) {
  const folder = mkdtempSync(join(tmpdir(), "job-"))
  const workspace = join(folder, "workspace")
  mkdirSync(workspace)
  const summary = join(folder, "summary")
  const identified = job.permissions?.["id-token"] === "write"
  const { name: environment = "" } = job.environment ?? {}
  const identity = identified ? run.identity(environment) : {}
  const steps: Record<string, { outputs: Outputs }> = {}
  let log = ""
  let result: "success" | "failure" = "success"
  for (const [index, step] of job.steps.entries()) {
    const known = { ...contexts, steps, env }
    const fill = (values: Record<string, unknown> = {}) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          interpolate(String(value), known, GOOD),
        ]),
      )
    const output = join(folder, `output-${index}`)
    if (step.uses !== undefined) {
      const action = ACTIONS[step.uses.split("@")[0] ?? ""]
      if (action === undefined)
        throw new Error(`The suite does not know the action ${step.uses}.`)
      const outputs = action({ run, workspace }, fill(step.with))
      if (step.id !== undefined) steps[step.id] = { outputs }
      continue
    }
    const shell = ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c"]
    const bash = start("bash", [...shell, step.run ?? ""], {
      cwd: join(workspace, step["working-directory"] ?? "."),
      env: {
        ...process.env,
        ...run.dagger,
        ...githubVariables(contexts.github as Contexts),
        ...identity,
        ...fill(env),
        ...fill(step.env),
        PATH: `${join(root, "test/actions")}:${process.env.PATH}`,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_OUTPUT: output,
      },
    })
    const { exitCode, stdout, stderr } = await bash.ended
    log += `## ${step.name}\n${stdout}${stderr}`
    if (step.id !== undefined)
      steps[step.id] = { outputs: readOutputs(readIfThere(output)) }
    if (exitCode !== 0) {
      result = "failure"
      break
    }
  }
  return { result, steps, log, summary: readIfThere(summary) }
}
