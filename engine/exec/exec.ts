import { mkdir, readFile } from "node:fs/promises"
import path from "node:path"
import { type Engine, once } from "../engine.js"
import { EngineError, ExecFailure, quoteCommand } from "../errors.js"
import type { Filesystem } from "../filesystem/filesystem.js"
import { scrub } from "../secrets/scrub.js"
import { sealed } from "../secrets/secret.js"
import {
  findRecord,
  keepRecord,
  type Record,
  recordFolder,
} from "../store/records.js"
import { forceRemove } from "../store/remove.js"
import { workFolder } from "../store/store.js"
import type { Container } from "../values/container.js"
import { digestOf } from "../values/digest.js"
import { type Expect, isExpected } from "./expect.js"
import { keepUppers } from "./keep.js"
import { execDigest } from "./key.js"
import { allSecrets, readSecrets, type SecretValues } from "./prepare.js"
import { runCommand } from "./run.js"
import { outputTail } from "./tail.js"

/** How a command is run. */
export interface ExecOptions {
  command: string[]
  stdin: string
  stdinFile: string
  expect: Expect
  init: boolean
}

/** What a command gave. */
export interface ExecResult {
  exitCode: number
  /** The folder with `stdout`, `stderr` and `output`. */
  folder: string
  /** What it wrote over the root, and over each mounted directory. */
  layers: (string | null)[]
}

/** A command in a container, run when somebody asks for what it gave. */
export interface Exec {
  digest: string
  result(): Promise<ExecResult>
}

/**
 * The command as something that runs at most once: what it gave before under
 * the same circumstances is taken from the store.
 */
export async function prepareExec(
  engine: Engine,
  container: Container,
  options: ExecOptions,
): Promise<Exec> {
  if (container.binds.length === 0) {
    throw new EngineError(
      `There is nothing to run ${quoteCommand(options.command)} with: the container has no base image. Call "from" first.`,
    )
  }
  const secrets = await readSecrets(container)
  const digest = execDigest(
    container,
    options,
    (value) => sealed(engine, value),
    secrets,
  )
  return {
    digest,
    result: () =>
      once(engine, `exec ${digest}`, async () => {
        const known = await findRecord(engine.store, digest)
        return known?.exitCode === undefined
          ? runAndKeep(engine, digest, container, options, secrets)
          : fromCache(engine, digest, options, known, secrets)
      }),
  }
}

function fromCache(
  engine: Engine,
  digest: string,
  { command }: ExecOptions,
  { exitCode = 0, layers }: Record,
  secrets: SecretValues,
): ExecResult {
  const name = scrub(quoteCommand(command), allSecrets(secrets))
  engine.progress({ id: digest, name, state: "cached" })
  return { exitCode, layers, folder: recordFolder(engine.store, digest) }
}

async function runAndKeep(
  engine: Engine,
  digest: string,
  container: Container,
  options: ExecOptions,
  secrets: SecretValues,
): Promise<ExecResult> {
  const folder = await workFolder(engine.store)
  const output = path.join(folder, "record")
  await mkdir(output)
  const isDone = (code: number) => isExpected(options.expect, code)
  try {
    const { exitCode, uppers, targets } = await runCommand(engine, {
      digest,
      container,
      options,
      secrets,
      folder,
      output,
      isDone,
    })
    if (!isDone(exitCode)) {
      throw await failure(options, exitCode, output)
    }
    const layers = await keepUppers(engine.store, uppers, targets)
    const made = { layers, exitCode }
    const kept = await keepRecord(engine.store, digest, made, output)
    return { exitCode, ...kept, folder: recordFolder(engine.store, digest) }
  } catch (error) {
    // What it wrote may be much, and the call may go on.
    await forceRemove(folder)
    throw error
  }
}

async function failure(
  { command, expect }: ExecOptions,
  exitCode: number,
  output: string,
): Promise<ExecFailure> {
  const [stdout, stderr] = await Promise.all(
    ["stdout", "stderr"].map(async (name) =>
      outputTail(await readFile(path.join(output, name))),
    ),
  )
  const said = { stdout: stdout ?? "", stderr: stderr ?? "" }
  return expect === "FAILURE" && exitCode === 0
    ? new ExecFailure(
        command,
        exitCode,
        said,
        `The command ${quoteCommand(command)} succeeded, but was expected to fail.`,
      )
    : new ExecFailure(command, exitCode, said)
}

/** The file system that a command leaves: the one before, and what it wrote. */
export function afterExec(
  exec: Exec,
  before: Filesystem,
  index: number,
): Filesystem {
  return {
    digest: digestOf("after", exec.digest, before.digest, index),
    layers: async () => {
      const [{ layers }, lower] = await Promise.all([
        exec.result(),
        before.layers(),
      ])
      const written = layers[index]
      return written ? [written, ...lower] : lower
    },
  }
}
