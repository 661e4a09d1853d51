import { eq, valid } from "@renovatebot/pep440"

/**
 * A project's name as indexes compare it (packaging.python.org, "Name
 * normalization"): `Demo_Pkg` and `demo.pkg` are one.
 */
export function normalisedName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase()
}

/** Whether two texts are one version by PEP 440; other texts, letter by letter. */
export function sameVersion(one: string, other: string): boolean {
  return one === other || (!!valid(one) && !!valid(other) && eq(one, other))
}
