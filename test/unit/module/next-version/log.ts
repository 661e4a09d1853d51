import type { LogCommit } from "../../../../dagger/src/next-version/commits.js"

/** The id of the commit that was made with this number. */
export function id(number: number): string {
  return number.toString(16).padStart(40, "a")
}

/** Commits from their messages, the oldest first; the log has them turned. */
export function log(...messages: string[]): LogCommit[] {
  return messages
    .map((message, number) => ({
      id: id(number),
      parents: number === 0 ? [] : [id(number - 1)],
      message,
    }))
    .reverse()
}
