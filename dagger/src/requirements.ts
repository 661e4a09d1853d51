import { normalisedName } from "./spelling.js"

export const PYPROJECT = "pyproject.toml"

/** What tests are installed with. */
export interface TestRequirements {
  extras: string[]
  groups: string[]
}

/** What there is to install them with, and what names the extras. */
export interface Named extends TestRequirements {
  from: string
}

/** What projects call their tests' requirements; the first that exists wins. */
const NAMES = [["test", "tests", "testing"], ["dev"]]

function known(
  kind: string,
  asked: string[],
  names: string[],
  from: string,
): string[] {
  const have = new Map(names.map((name) => [normalisedName(name), name]))
  return asked.map((name) => {
    const found = have.get(normalisedName(name))
    if (found !== undefined) return found
    const list = names.length > 0 ? names.join(", ") : "none"
    throw new Error(
      `--${kind}=${name}: ${from} names no such thing. It has ${list}.`,
    )
  })
}

/**
 * The extras and PEP 735 groups that a project's tests need: those asked for,
 * or else what is called test, tests or testing, or else what is called dev.
 *
 * @throws a sentence where an extra or group asked for is not there
 */
export function testRequirements(
  named: Named,
  asked: TestRequirements,
): TestRequirements {
  if (asked.extras.length > 0 || asked.groups.length > 0) {
    return {
      extras: known("extras", asked.extras, named.extras, named.from),
      groups: known("groups", asked.groups, named.groups, PYPROJECT),
    }
  }
  for (const names of NAMES) {
    const called = (name: string) => names.includes(normalisedName(name))
    const extras = named.extras.filter(called)
    const groups = named.groups.filter(called)
    if (extras.length > 0 || groups.length > 0) return { extras, groups }
  }
  return { extras: [], groups: [] }
}
