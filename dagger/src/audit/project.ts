import type { Facts } from "../facts.js"
import { nameInSetup, nameOf } from "../migration/old.js"
import { type Project, readProject } from "../project.js"
import { PROVIDERS } from "../provider.js"
import { parseToml } from "../toml.js"

/**
 * Reads a project for an audit. One that cannot be published as it is, because
 * its version comes from where nothing is known of, has workflows all the same.
 *
 * @throws a sentence where there is no project
 */
export function auditedProject(
  facts: Facts,
  path: string,
): Pick<Project, "name" | "provider" | "settings" | "version"> {
  const pyproject = parseToml(facts.pyproject ?? "", "pyproject.toml")
  const name = nameOf(pyproject) ?? nameInSetup(facts, pyproject)
  const known = Object.values(PROVIDERS).some(({ named }) => named(pyproject))
  return known || name === undefined
    ? readProject(facts, path)
    : { name, provider: "static", settings: {} }
}
