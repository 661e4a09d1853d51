const onDagger = process.env.PYPI_DEPLOY_ENGINE === "dagger"

/**
 * Milliseconds for a test of many calls, each of which takes seconds where the
 * Dagger engine runs them.
 */
export const MANY_CALLS = onDagger ? 1_800_000 : 300_000
