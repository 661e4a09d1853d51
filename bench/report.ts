import type { Measurement } from "./measure.js"
import { ratios, type Spread, spread } from "./statistics.js"

/** One line of the report: what was run, once a round, and its target. */
export interface Row {
  name: string
  rounds: Measurement[]
  /** At most this part of what it is compared with. */
  ratioTarget?: number
  /** At most so many seconds. */
  secondsTarget?: number
  /** At most so many MiB. */
  memoryTarget?: number
}

const header = (of: string) => [
  "",
  "seconds: min",
  "median",
  "max",
  `of ${of}: min`,
  "median",
  "max",
  "peak MiB",
  "target (median)",
]

/**
 * The report as a text table; ratios to `base`, which the table calls `of`,
 * are taken inside each round.
 */
export function report(rows: Row[], base: Row, of = "classic"): string {
  const reference = base.rounds.map((round) => round.seconds)
  const table = rows.map((row) => {
    const seconds = row.rounds.map((round) => round.seconds)
    const time = spread(seconds)
    const ratio = spread(ratios(seconds, reference))
    const memory = Math.max(...row.rounds.map((round) => round.mebibytes))
    return [
      row.name,
      ...cells(time),
      ...cells(ratio),
      memory.toFixed(0),
      targets(row, time, ratio, memory, of),
    ]
  })
  return align([header(of), ...table])
}

function cells({ minimum, median, maximum }: Spread): string[] {
  return [minimum, median, maximum].map((figure) => figure.toFixed(2))
}

function targets(
  row: Row,
  time: Spread,
  ratio: Spread,
  memory: number,
  of: string,
): string {
  const all: [number | undefined, number, string][] = [
    [row.ratioTarget, ratio.median, `of ${of}`],
    [row.secondsTarget, time.median, "s"],
    [row.memoryTarget, memory, "MiB"],
  ]
  return all
    .filter(([target]) => target !== undefined)
    .map(
      ([target, found, unit]) =>
        `${found <= (target ?? 0) ? "met" : "MISSED"}: at most ${target} ${unit}`,
    )
    .join(", ")
}

function align(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === row.length - 1
            ? cell.padEnd(widths[column] ?? 0)
            : cell.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}
