const REFUSED = ": refused, and said"

/** The name of the test that a promise is refused, in words. */
export function refusal(promise: string): string {
  return `${promise}${REFUSED}`
}

/** Whether a test's name is one of those. */
export function refused(name: string): boolean {
  return name.endsWith(REFUSED)
}
