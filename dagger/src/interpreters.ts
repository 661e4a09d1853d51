import { satisfies } from "@renovatebot/pep440"

/** What a distribution promises, as tools/about.py prints it. */
export interface About {
  /** A specifier such as `>=3.9`; empty where it says nothing. */
  requiresPython: string
  /** Interpreters that its classifiers name, such as 3.12. */
  pythons: string[]
  extras: string[]
}

/** Minor numbers of the Python 3 versions that the tools run on. */
const MINORS = [8, 9, 10, 11, 12, 13, 14]

/**
 * The interpreters that requires-python allows, up to the newest one that the
 * classifiers name, in rising order: `["3.9", "3.10", "3.11"]`. Those that
 * classifiers name are among them also where nothing here could run them.
 */
export function promised({ requiresPython, pythons }: About): string[] {
  const range = requiresPython.trim()
  const named = pythons.map((python) => Number(python.replace("3.", "")))
  const newest = Math.max(...(named.length > 0 ? named : MINORS))
  const oldest = range === "" && named.length > 0 ? Math.min(...named) : 0
  // `<=3.12` has 3.12.0 only, `>=3.9.2` no 3.9.0: any release of it will do.
  const allows = (minor: number) =>
    range === "" ||
    [0, 30].some((patch) => satisfies(`3.${minor}.${patch}`, range))
  return [...new Set([...MINORS, ...named])]
    .filter((minor) => minor >= oldest && minor <= newest && allows(minor))
    .sort((one, other) => one - other)
    .map((minor) => `3.${minor}`)
}

/** Whether the engine has, or can pull, the image of an interpreter. */
export type Available = (python: string) => Promise<boolean>

/**
 * Answers for each interpreter, asking once. Those that the tools do not run
 * on are not to be had.
 *
 * @param pull - gets the image; fails where there is none
 */
export function availability(
  pull: (python: string) => Promise<unknown>,
): Available {
  const look = (python: string) =>
    MINORS.some((minor) => python === `3.${minor}`)
      ? pull(python).then(
          () => true,
          () => false,
        )
      : Promise.resolve(false)
  const asked = new Map<string, Promise<boolean>>()
  return (python) => {
    const answer = asked.get(python) ?? look(python)
    asked.set(python, answer)
    return answer
  }
}

/** The ends of some interpreters, and those beyond that are not to be had. */
export interface Ends {
  pythons: string[]
  lacking: string[]
}

/** The lowest and the highest of some interpreters that are to be had. */
export async function ends(
  pythons: string[],
  available: Available,
): Promise<Ends> {
  const lacking = new Set<string>()
  const first = async (order: string[]) => {
    for (const python of order) {
      if (await available(python)) return [python]
      lacking.add(python)
    }
    return []
  }
  const [lowest, highest] = await Promise.all([
    first(pythons),
    first([...pythons].reverse()),
  ])
  return {
    pythons: [...new Set([...lowest, ...highest])],
    lacking: pythons.filter((python) => lacking.has(python)),
  }
}
