/** What happens to a step. Shown to people, so secrets are taken out before. */
export interface ProgressEvent {
  id: string
  /** The command line. */
  name: string
  state: "started" | "output" | "cached" | "done" | "failed"
  /** One line of output. */
  line?: string
  stream?: "stdout" | "stderr"
  /** How long the step took. */
  milliseconds?: number
}

export type Progress = (event: ProgressEvent) => void

/** Calls `take` with whole lines of what comes in pieces. */
export function lineSplitter(take: (line: string) => void): {
  push(text: string): void
  end(): void
} {
  let rest = ""
  return {
    push(text) {
      const lines = (rest + text).split("\n")
      rest = lines.splice(-1).join("")
      lines.forEach(take)
    },
    end() {
      if (rest !== "") {
        take(rest)
        rest = ""
      }
    },
  }
}
