import cliTruncate from "cli-truncate"
import { duration, oneLine } from "./text.js"
import type { Stage, Step, Tree } from "./tree.js"

/** The room that a tree is drawn in. */
export interface Room {
  columns: number
  /** Lines at most; as many as there are if not given. */
  rows?: number
  color: boolean
}

type Mark = "running" | "cached" | "done" | "failed" | "left" | "line"

/** A line before it is cut to the room's width: its end stays whole. */
interface Row {
  mark: Mark
  indent: number
  text: string
  end: string
}

/**
 * The lines that show a call: each stage, below it its steps, below a step
 * that runs what it printed last. What is over goes first where there are too
 * few rows.
 *
 * @param now In milliseconds, of the clock that the tree was made with.
 */
export function draw(tree: Tree, room: Room, now: number): string[] {
  const stages = [...tree.over, tree.stage]
  const rows = stages.flatMap((stage) => stageRows(stage, now))
  return fit(rows, room.rows).map((row) => line(row, room, now))
}

function stageRows(stage: Stage, now: number): Row[] {
  const { name, started, ended, failed, steps } = stage
  const over = failed ? "failed" : "done"
  const head: Row = {
    mark: ended === undefined ? "running" : over,
    indent: 0,
    text: name,
    end: `${duration((ended ?? now) - started)}${counts(steps)}`,
  }
  return [head, ...steps.flatMap((step) => stepRows(step, ended, now))]
}

function counts(steps: Step[]): string {
  return (["done", "cached", "failed"] as const)
    .map((state) => ({
      state,
      count: steps.filter((step) => step.state === state).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `, ${count} ${state}`)
    .join("")
}

function stepRows(step: Step, ended: number | undefined, now: number): Row[] {
  const { name, started, milliseconds, line } = step
  // A service runs until the stage is over, and nobody waits for its end.
  const left = step.state === "running" && ended !== undefined
  const mark: Mark = left ? "left" : step.state
  const times: Record<Step["state"], () => string> = {
    running: () => duration((ended ?? now) - started),
    cached: () => "cached",
    done: () => duration(milliseconds),
    failed: () => duration(milliseconds),
  }
  const end = times[step.state]()
  const row: Row = { mark, indent: 2, text: oneLine(name), end }
  const shown = line !== "" && (mark === "running" || mark === "failed")
  return shown ? [row, { mark: "line", indent: 4, text: line, end: "" }] : [row]
}

/** Leaves out what is over, the oldest first, and says how many lines. */
function fit(rows: Row[], limit = rows.length): Row[] {
  const kept = [...rows]
  while (
    kept.length > 1 &&
    kept.length + Number(kept.length < rows.length) > limit
  ) {
    const over = kept.findIndex(
      ({ mark, indent }) =>
        indent > 0 && (mark === "done" || mark === "cached"),
    )
    kept.splice(Math.max(over, 0), 1)
  }
  const count = rows.length - kept.length
  return count === 0
    ? kept
    : [{ mark: "left", indent: 0, text: `${count} more`, end: "" }, ...kept]
}

const MARKS: Record<Mark, (now: number) => string> = {
  running: (now) => "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏".charAt(Math.floor(now / 100) % 10),
  cached: () => "=",
  done: () => "✔",
  failed: () => "✘",
  left: () => "·",
  line: () => "│",
}

/** Yellow, green, red, faint: what terminals call them (ECMA-48, SGR). */
const COLORS: Record<Mark, number> = {
  running: 33,
  cached: 2,
  done: 32,
  failed: 31,
  left: 2,
  line: 2,
}

function line(
  { mark, indent, text, end }: Row,
  room: Room,
  now: number,
): string {
  const paint = (code: number, part: string) =>
    room.color && part !== "" ? `\u001b[${code}m${part}\u001b[0m` : part
  const columns = room.columns - indent - 2 - (end === "" ? 0 : end.length + 1)
  const shown = cliTruncate(text, Math.max(columns, 1))
  const color = COLORS[mark]
  const start = `${" ".repeat(indent)}${paint(color, MARKS[mark](now))}`
  const name = color === 2 ? paint(2, shown) : shown
  return [start, name, paint(2, end)].filter((part) => part !== "").join(" ")
}
