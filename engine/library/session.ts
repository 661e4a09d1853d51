import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { asset } from "../assets.js"
import { EngineError } from "../errors.js"
import { type IsolationName, isolations } from "../isolation/isolation.js"
import type { ProgressEvent } from "../progress.js"
import { startSession } from "../session.js"
import type { Step, session as Types } from "./types.js"

/** The SDK has one connection for each process. */
let isOpen = false

export const session: typeof Types = async ({
  isolation = "namespaces",
  environment = process.env,
  ...options
} = {}) => {
  if (isOpen) {
    throw new EngineError(
      "A session is open in this process: close it before the next one.",
    )
  }
  if (!isIsolation(isolation)) {
    throw new EngineError(
      `There is no isolation "${isolation}": there is ${Object.keys(isolations).join(" and ")}.`,
    )
  }
  const record = new Record()
  isOpen = true
  const started = await startSession({
    ...options,
    isolation,
    environment,
    uv: await uvPath(),
    progress: (event) => record.add(event),
  }).catch((error) => {
    isOpen = false
    throw error
  })
  const restore = setEnvironment({
    DAGGER_SESSION_PORT: String(started.port),
    DAGGER_SESSION_TOKEN: started.token,
  })
  return {
    steps: record.steps,
    async close() {
      isOpen = false
      restore()
      await started.close()
    },
  }
}

function isIsolation(name: string): name is IsolationName {
  return Object.hasOwn(isolations, name)
}

/** The steps of a session, made of what it tells. */
class Record {
  readonly steps: Step[] = []
  private readonly running = new Map<string, Step>()

  add({ id, name, state, line }: ProgressEvent): void {
    const known = this.running.get(id)
    const step = known ?? { command: name, state: "running", output: [] }
    if (!known) {
      this.steps.push(step)
      this.running.set(id, step)
    }
    if (line !== undefined) {
      step.output.push(line)
    }
    if (state !== "started" && state !== "output") {
      step.state = state
      this.running.delete(id)
    }
  }
}

/** uv is for base images with Python: it is installed once. */
async function uvPath(): Promise<string> {
  const { stdout } = await promisify(execFile)(asset("uv.sh"))
  return stdout.trim()
}

/** @returns what sets the variables back. */
function setEnvironment(variables: { [name: string]: string }): () => void {
  const before = Object.keys(variables).map((name) => ({
    name,
    value: process.env[name],
  }))
  Object.assign(process.env, variables)
  return () => {
    for (const { name, value } of before) {
      if (value === undefined) {
        delete process.env[name]
      } else {
        process.env[name] = value
      }
    }
  }
}
