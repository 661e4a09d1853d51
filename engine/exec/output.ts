import { appendFileSync, closeSync, openSync } from "node:fs"
import path from "node:path"
import { lineSplitter } from "../progress.js"
import { scrubber } from "../secrets/scrub.js"

export type Stream = "stdout" | "stderr"

/** Takes what a command prints. */
export interface OutputLog {
  /** Whether it could be kept; what comes after a failure is dropped. */
  write(stream: Stream, chunk: Buffer): boolean
  /** Fails if something could not be kept, as on a full disk. */
  close(): void
}

/**
 * Writes what a command prints, without secrets, to `stdout`, `stderr` and,
 * as it came, `output` in a folder.
 *
 * @param tell is called with each line
 */
export function recordOutput(
  folder: string,
  secrets: readonly Buffer[],
  tell: (stream: Stream, line: string) => void,
): OutputLog {
  const open = (name: string) => openSync(path.join(folder, name), "w", 0o600)
  const files = {
    stdout: open("stdout"),
    stderr: open("stderr"),
    output: open("output"),
  }
  const cleaner = (stream: Stream) => {
    const clean = scrubber(secrets)
    const lines = lineSplitter((line) => tell(stream, line))
    const put = (text: Buffer) => {
      appendFileSync(files[stream], text)
      appendFileSync(files.output, text)
      lines.push(text.toString())
    }
    return {
      push: (chunk: Buffer) => put(clean.push(chunk)),
      end() {
        put(clean.end())
        lines.end()
      },
    }
  }
  const streams = { stdout: cleaner("stdout"), stderr: cleaner("stderr") }
  let failure: unknown
  const keep = (work: () => void): boolean => {
    try {
      if (failure === undefined) {
        work()
      }
    } catch (error) {
      failure = error
    }
    return failure === undefined
  }
  return {
    write: (stream, chunk) => keep(() => streams[stream].push(chunk)),
    close() {
      keep(() => streams.stdout.end())
      keep(() => streams.stderr.end())
      Object.values(files).forEach(closeSync)
      if (failure !== undefined) {
        throw failure
      }
    },
  }
}
