import { expect } from "vitest"

import type { Outcome } from "./start.js"

/** The call did what it was asked for; otherwise shows what it said. */
export function expectDone({ exitCode, stderr }: Outcome): void {
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr })
}

/** The error is a sentence (or some), not a stack trace. */
export function expectSentence({ stderr }: Outcome, says: RegExp): void {
  expect(stderr).toMatch(says)
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
}
