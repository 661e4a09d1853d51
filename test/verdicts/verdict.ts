/**
 * What `verify` finds in a release, without what depends on the machine and
 * on the day: by check, problems and notes; checks without either are left
 * out.
 */
export type Verdict = Record<string, { problems?: string[]; notes?: string[] }>

/** The checks that install, and resolve: they depend on machine and day. */
export const SKIPPED = ["install-wheel", "install-sdist", "extras"]

/** Notes that every release of others has. */
const EVERYWHERE = ["recorded", "sdist"]

interface Finding {
  id: string
  problems: string[]
  notes: string[]
}

/** The verdict of a report, as `--format=json` gives it. */
export function verdictOf(checks: Finding[]): Verdict {
  const found = checks
    .filter(({ id, problems }) => !EVERYWHERE.includes(id) || problems.length)
    .map(({ id, problems, notes }) => {
      const some = { ...(problems.length > 0 ? { problems } : {}) }
      return [id, { ...some, ...(notes.length > 0 ? { notes } : {}) }] as const
    })
  return Object.fromEntries(
    found.filter(([, finding]) => Object.keys(finding).length > 0),
  )
}

/** The verdict of a failed call, which says why on stderr. */
export function verdictOfFailure(stderr: string): Verdict {
  const verdict: Verdict = {}
  let problems: string[] = []
  for (const line of stderr.split("\n")) {
    const head = /^([a-z-]+) \(protects from /.exec(line)
    if (head?.[1] !== undefined) {
      problems = []
      verdict[head[1]] = { problems }
    } else if (line.startsWith("    ")) problems.push(line.trim())
  }
  return verdict
}
