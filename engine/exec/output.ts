import { closeSync, openSync, writeSync } from "node:fs"
import path from "node:path"
import { lineSplitter } from "../progress.js"
import { scrubber } from "../secrets/scrub.js"

export type Stream = "stdout" | "stderr"

/** Takes what a command prints. */
export interface OutputLog {
  write(stream: Stream, chunk: Buffer): void
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
  const combined = openSync(path.join(folder, "output"), "w", 0o600)
  const open = (stream: Stream) => {
    const file = openSync(path.join(folder, stream), "w", 0o600)
    const clean = scrubber(secrets)
    const lines = lineSplitter((line) => tell(stream, line))
    const put = (text: Buffer) => {
      writeSync(file, text)
      writeSync(combined, text)
      lines.push(text.toString())
    }
    return {
      push: (chunk: Buffer) => put(clean.push(chunk)),
      end() {
        put(clean.end())
        lines.end()
        closeSync(file)
      },
    }
  }
  const streams = { stdout: open("stdout"), stderr: open("stderr") }
  return {
    write: (stream, chunk) => streams[stream].push(chunk),
    close() {
      streams.stdout.end()
      streams.stderr.end()
      closeSync(combined)
    },
  }
}
