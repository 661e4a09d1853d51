import { expect } from "vitest"

import type { Outcome } from "./start.js"

/** The error is a sentence (or some), not a stack trace. */
export function expectSentence({ stderr }: Outcome, says: RegExp): void {
  expect(stderr).toMatch(says)
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
}
