import type { ProgressEvent } from "../progress.js"
import { COMPLETE } from "./completion.js"
import { draw } from "./draw.js"
import { duration, oneLine } from "./text.js"
import { begin, end, enter, happened, type Tree } from "./tree.js"

/** What a call shows of itself while it runs. */
export interface View {
  /** A part of the call begins. */
  stage(name: string): void
  event(event: ProgressEvent): void
  /** Something that takes a while is done before the call. */
  note(what: string): void
  /** Something to be said beside the progress. */
  say(text: string): void
  /** The call is over. */
  end(failed: boolean): void
}

/** A terminal that lines can be drawn on again. */
export interface Screen {
  write(text: string): void
  size(): { columns: number; rows: number }
  color: boolean
  /** In milliseconds. */
  now(): number
}

type Write = (text: string) => void

/** Nothing but what has to be said. */
export function silentView(write: Write): View {
  return { stage() {}, event() {}, note() {}, say: write, end() {} }
}

/**
 * Plain, timed lines: one when a step ends, one when it fails, one for what
 * the cache had. With `debug` also one when it starts, and all that it prints.
 */
export function plainView(write: Write, debug: boolean): View {
  const lines: Record<
    ProgressEvent["state"],
    (event: ProgressEvent) => string
  > = {
    started: ({ name }) => (debug ? `… ${oneLine(name)}` : ""),
    output: ({ line }) => (debug ? `  ${line}` : ""),
    cached: ({ name }) => `= ${shorten(name)} (cached)`,
    done: ({ name, milliseconds: took = 0 }) =>
      `✔ ${shorten(name)} ${duration(took)}`,
    failed: ({ name, milliseconds: took = 0 }) =>
      `✘ ${shorten(name)} ${duration(took)}`,
  }
  return {
    ...silentView(write),
    note: (what) => write(`call: ${what}\n`),
    event(event) {
      const line = lines[event.state](event)
      if (line !== "") {
        write(`${line}\n`)
      }
    },
  }
}

/** A command line may be a page long; the step is known by its start. */
function shorten(name: string): string {
  const line = oneLine(name)
  return line.length > 140 ? `${line.slice(0, 139)}…` : line
}

const HIDE_CURSOR = "\u001b[?25l"
const SHOW_CURSOR = "\u001b[?25h"

/** How often a tree is drawn again, in milliseconds. */
const INTERVAL = 100

/** A tree that is drawn again as the call goes on, and stays at its end. */
export function liveView(screen: Screen): View {
  let live: { tree: Tree; timer: NodeJS.Timeout } | undefined
  let drawn = 0
  const erased = () => (drawn === 0 ? "" : `\u001b[${drawn}F\u001b[J`)
  const paint = (tree: Tree, rows?: number) => {
    const room = { columns: screen.size().columns, rows, color: screen.color }
    const lines = draw(tree, room, screen.now())
    screen.write(`${erased()}${lines.map((line) => `${line}\n`).join("")}`)
    drawn = lines.length
  }
  const stage = (name: string) => {
    const now = screen.now()
    if (live) {
      live.tree = enter(live.tree, name, now)
      return
    }
    const repaint = () => paint(started.tree, screen.size().rows - 1)
    const timer = setInterval(repaint, INTERVAL).unref()
    const started = { tree: begin(name, now), timer }
    live = started
    screen.write(HIDE_CURSOR)
  }
  return {
    stage,
    note: stage,
    event(event) {
      if (live) {
        live.tree = happened(live.tree, event, screen.now())
      }
    },
    say(text) {
      screen.write(`${erased()}${text}`)
      drawn = 0
    },
    end(failed) {
      if (live) {
        clearInterval(live.timer)
        paint(end(live.tree, failed, screen.now()))
        screen.write(SHOW_CURSOR)
        live = undefined
      }
    },
  }
}

/**
 * The view that a call has: a tree on a terminal, lines in CI, in a file and
 * where everything is to be seen. It is chosen before the words can be parsed,
 * as reading the module is shown, too.
 */
export function viewFor(
  words: string[],
  { stderr, screen, environment }: Destination,
): View {
  const has = (...flags: string[]) => flags.some((flag) => words.includes(flag))
  if (has("--silent", "--silent=true", "-s", COMPLETE)) {
    return silentView(stderr)
  }
  const { CI, TERM } = environment
  const debug = has("--debug", "--debug=true")
  return screen && !debug && !CI && TERM !== "dumb"
    ? liveView(screen)
    : plainView(stderr, debug)
}

/** Where a view can be shown. */
interface Destination {
  stderr: Write
  screen?: Screen
  environment: NodeJS.ProcessEnv
}
