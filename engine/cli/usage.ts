/** The call itself was wrong: exit code 2, nothing was run. */
export class UsageError extends Error {}
