import type { ProgressEvent } from "../progress.js"
import { printable } from "./text.js"

/** What a live view knows of a call. */
export interface Tree {
  /** Stages that are over. */
  over: Stage[]
  /** The last one. */
  stage: Stage
}

/** A part of a call, e.g. `publish`, `export`, and the steps in it. */
export interface Stage {
  name: string
  /** In milliseconds, of one clock. */
  started: number
  ended?: number
  failed: boolean
  steps: Step[]
}

/** A command. */
export interface Step {
  id: string
  name: string
  state: "running" | "cached" | "done" | "failed"
  started: number
  milliseconds: number
  /** The last line that it printed. */
  line: string
}

export function begin(name: string, now: number): Tree {
  return { over: [], stage: { name, started: now, failed: false, steps: [] } }
}

/** The tree with another stage; the one before it is over. */
export function enter(tree: Tree, name: string, now: number): Tree {
  const { over, stage } = end(tree, false, now)
  return { over: [...over, stage], stage: begin(name, now).stage }
}

/** The tree when its last stage is over. */
export function end(tree: Tree, failed: boolean, now: number): Tree {
  return { over: tree.over, stage: { ...tree.stage, ended: now, failed } }
}

/** The tree after something happened to a step of its last stage. */
export function happened(tree: Tree, event: ProgressEvent, now: number): Tree {
  const { over, stage } = tree
  const isIt = ({ id, state }: Step) => id === event.id && state === "running"
  const change = (step: Step): Step => ({
    ...step,
    state: STATES[event.state],
    milliseconds: event.milliseconds ?? 0,
    line: printable(event.line ?? "") || step.line,
  })
  const { id, name } = event
  const fresh = { id, name, started: now, milliseconds: 0, line: "" }
  const steps = stage.steps.some(isIt)
    ? stage.steps.map((step) => (isIt(step) ? change(step) : step))
    : [...stage.steps, change({ ...fresh, state: "running" })]
  return { over, stage: { ...stage, steps } }
}

const STATES: Record<ProgressEvent["state"], Step["state"]> = {
  started: "running",
  output: "running",
  cached: "cached",
  done: "done",
  failed: "failed",
}
