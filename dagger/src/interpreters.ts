import { satisfies } from "@renovatebot/pep440"
import { base } from "./container.js"

/** What a distribution promises, as tools/about.py prints it. */
export interface About {
  /** A specifier such as `>=3.9`; empty where it says nothing. */
  requiresPython: string
  /** Interpreters that its classifiers name, such as 3.12. */
  pythons: string[]
  extras: string[]
}

/** Minor numbers of the Python 3 versions that there are images for. */
const MINORS = [8, 9, 10, 11, 12, 13, 14]

function minorOf(python: string): number {
  return Number(python.split(".")[1])
}

/**
 * The interpreters that requires-python allows, up to the newest one that the
 * classifiers name, in rising order: `["3.9", "3.10", "3.11"]`.
 */
export function promised({ requiresPython, pythons }: About): string[] {
  const range = requiresPython.trim()
  const named = pythons.map(minorOf)
  const newest =
    named.length > 0 ? Math.max(...named) : Number.POSITIVE_INFINITY
  const oldest = range === "" && named.length > 0 ? Math.min(...named) : 0
  // `<=3.12` has 3.12.0 only, `>=3.9.2` no 3.9.0: any release of it will do.
  const allows = (minor: number) =>
    range === "" ||
    [0, 30].some((patch) => satisfies(`3.${minor}.${patch}`, range))
  return MINORS.filter(
    (minor) => minor >= oldest && minor <= newest && allows(minor),
  ).map((minor) => `3.${minor}`)
}

/** Whether the engine has, or can pull, the image of an interpreter. */
export type Available = (python: string) => Promise<boolean>

/** Asks the engine, once for each interpreter. */
export function availability(): Available {
  const asked = new Map<string, Promise<boolean>>()
  return (python) => {
    const answer =
      asked.get(python) ??
      base(python)
        .sync()
        .then(
          () => true,
          () => false,
        )
    asked.set(python, answer)
    return answer
  }
}

/** The lowest and the highest of some interpreters that are to be had. */
export async function ends(
  pythons: string[],
  available: Available,
): Promise<string[]> {
  const first = async (order: string[]) => {
    for (const python of order) if (await available(python)) return [python]
    return []
  }
  const [lowest, highest] = await Promise.all([
    first(pythons),
    first([...pythons].reverse()),
  ])
  return [...new Set([...lowest, ...highest])]
}
