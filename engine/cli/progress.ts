import type { ProgressEvent } from "../session.js"

/** Prints events as they come. */
export type Reporter = (event: ProgressEvent) => void

/**
 * Plain, timed lines: one when a step ends, one when it fails, none for what
 * the cache had unless `debug`, which also prints what steps print.
 */
export function plainReporter(
  write: (text: string) => void,
  debug: boolean,
): Reporter {
  const lines: Record<
    ProgressEvent["state"],
    (event: ProgressEvent) => string
  > = {
    started: ({ name }) => (debug ? `… ${name}` : ""),
    output: ({ line }) => (debug ? `  ${line}` : ""),
    cached: ({ name }) => `= ${name} (cached)`,
    done: ({ name, milliseconds }) => `✔ ${name} ${seconds(milliseconds)}`,
    failed: ({ name, milliseconds }) => `✘ ${name} ${seconds(milliseconds)}`,
  }
  return (event) => {
    const line = lines[event.state](event)
    if (line !== "") {
      write(`${shorten(line)}\n`)
    }
  }
}

function seconds(milliseconds = 0): string {
  return `${(milliseconds / 1000).toFixed(1)}s`
}

/** A command line may be a page long; the step is known by its start. */
function shorten(line: string): string {
  const first = line.split("\n")[0] ?? ""
  return first.length > 160 ? `${first.slice(0, 159)}…` : first
}
