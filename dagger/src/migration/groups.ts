import { type Table, table, text, texts } from "../toml.js"

/** The lower and upper end of `^1.2.3`: what does not change its first number. */
function caret(version: string): string {
  const parts = version.split(".").map(Number)
  const first = parts.findIndex((part) => part > 0)
  const at = first < 0 ? parts.length - 1 : first
  const upper = parts
    .slice(0, at + 1)
    .map((part, index) => (index === at ? part + 1 : part))
  return `>=${version},<${upper.length === 1 ? `${upper[0]}.0` : upper.join(".")}`
}

/** `~1.2.3` allows patches, `~1` minor releases. */
function tilde(version: string): string {
  const [major = 0, minor] = version.split(".").map(Number)
  const upper = minor === undefined ? `${major + 1}.0` : `${major}.${minor + 1}`
  return `>=${version},<${upper}`
}

/** One of Poetry's constraints as PEP 440 writes it. */
function constraint(one: string): string {
  if (one === "*") return ""
  if (one.startsWith("^")) return caret(one.slice(1).trim())
  if (one.startsWith("~") && !one.startsWith("~="))
    return tilde(one.slice(1).trim())
  return /^\d/.test(one) ? `==${one}` : one.replace(/\s+/g, "")
}

/** All that hold together: Poetry has commas or blanks between them. */
function constraints(spec: string): string {
  const all = spec.trim().split(/\s*,\s*|(?<=[\w.*])\s+/)
  return all.map(constraint).filter(Boolean).join(",")
}

/**
 * A dependency of Poetry's as PEP 508 writes it; undefined where it is a path
 * or a repository.
 */
export function poetryRequirement(
  name: string,
  value: unknown,
): string | undefined {
  const written = typeof value === "string" ? { version: value } : table(value)
  const version = text(written.version)
  const python = text(written.python) ?? "*"
  // PEP 440 has no word for "or".
  if (version === undefined || `${version}${python}`.includes("||"))
    return undefined
  const extras = texts(written.extras)
  const markers = [text(written.markers), ...pythonMarkers(python)].filter(
    (marker) => marker !== undefined,
  )
  return [
    name,
    extras.length > 0 ? `[${extras.join(",")}]` : "",
    constraints(version),
    markers.length > 0 ? `; ${markers.join(" and ")}` : "",
  ].join("")
}

function pythonMarkers(python: string): string[] {
  const parts = constraints(python).matchAll(/([<>=!~]+)([^,]+)/g)
  return [...parts].map(([, operator, version = ""]) => {
    // python_version has two numbers: 3.8.1 is never one.
    const full = /^\d+\.\d+\.\d/.test(version)
    const name = full ? "python_full_version" : "python_version"
    return `${name} ${operator} "${version}"`
  })
}

/** Groups by name, and dependencies that PEP 735 has no words for. */
export interface Groups {
  groups: Record<string, string[]>
  /** `GROUP: NAME`. */
  lost: string[]
}

/** The groups that old backends' tables hold, as [dependency-groups]. */
export function oldGroups(pyproject: Table): Groups {
  const { poetry, pdm } = table(pyproject.tool)
  const own = Object.entries(table(table(poetry).group))
  const written: [string, Table][] = [
    ["dev", table(table(poetry)["dev-dependencies"])],
    ...own.map(([name, group]): [string, Table] => [
      name,
      table(table(group).dependencies),
    ]),
  ]
  const groups: Record<string, string[]> = {}
  const lost: string[] = []
  for (const [group, needs] of written) {
    for (const [name, value] of Object.entries(needs)) {
      const requirement = poetryRequirement(name, value)
      if (requirement === undefined) lost.push(`${group}: ${name}`)
      else groups[group] = [...(groups[group] ?? []), requirement]
    }
  }
  for (const [name, needs] of Object.entries(
    table(table(pdm)["dev-dependencies"]),
  ))
    groups[name] = texts(needs)
  return { groups, lost }
}
