import { stripVTControlCharacters } from "node:util"

/**
 * A line that a command printed as it can stand in a line of ours: what a
 * progress bar wrote last, without colours and other orders to a terminal.
 */
export function printable(line: string): string {
  const written = stripVTControlCharacters(line).trimEnd().split("\r")
  return written
    .slice(-1)
    .join()
    .replace(/\t/g, "  ")
    .replace(/\p{Cc}/gu, "")
}

/** A command line in one line: a text in it may have many. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim()
}

/** E.g. `0.2s`, `1m 05s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  return seconds < 60
    ? `${(milliseconds / 1000).toFixed(1)}s`
    : `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, "0")}s`
}
