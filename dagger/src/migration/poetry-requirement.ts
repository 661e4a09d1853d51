import { validRange } from "@renovatebot/pep440"
import { table, text, texts } from "../toml.js"

/** The numbers that a version begins with: `0.1b2` gives 0 and 1. */
function numbers(version: string): number[] {
  const [found = "0"] = /^\d+(\.\d+)*/.exec(version) ?? []
  return found.split(".").map(Number)
}

/** The lower and upper end of `^1.2.3`: what does not change its first number. */
function caret(version: string): string {
  const parts = numbers(version)
  const first = parts.findIndex((part) => part > 0)
  const at = first < 0 ? parts.length - 1 : first
  const upper = parts
    .slice(0, at + 1)
    .map((part, index) => (index === at ? part + 1 : part))
  return `>=${version},<${upper.length === 1 ? `${upper[0]}.0` : upper.join(".")}`
}

/** `~1.2.3` allows patches, `~1` minor releases. */
function tilde(version: string): string {
  const [major = 0, minor] = numbers(version)
  const upper = minor === undefined ? `${major + 1}.0` : `${major}.${minor + 1}`
  return `>=${version},<${upper}`
}

/** One of Poetry's constraints as PEP 440 writes it. */
function constraint(one: string): string {
  if (one === "*") return ""
  if (one.startsWith("^")) return caret(one.slice(1).trim())
  if (one.startsWith("~") && !one.startsWith("~="))
    return tilde(one.slice(1).trim())
  const exact = /^(?:=(?!=)\s*)?(\d.*)$/.exec(one)
  return exact === null ? one.replace(/\s+/g, "") : `==${exact[1]}`
}

/** All that hold together: Poetry has commas or blanks between them. */
function constraints(spec: string): string {
  const all = spec.trim().split(/\s*,\s*|(?<=[\w.*])\s+/)
  return all.map(constraint).filter(Boolean).join(",")
}

/** What Poetry has `||` between. */
function alternatives(spec: string): string[] {
  return spec.split(/\s*\|\|?\s*/)
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

function platformMarkers(platform: string): string[] {
  return platform.split(/\s*,\s*/).map((one) => {
    const operator = one.startsWith("!=") ? "!=" : "=="
    return `sys_platform ${operator} "${one.replace(/^[!=]=\s*/, "")}"`
  })
}

/** One marker of what is set, by what reads each alternative; empty for all. */
function either(spec: string, read: (one: string) => string[]): string {
  const found = alternatives(spec).map(read)
  if (found.some((all) => all.length === 0)) return ""
  return found.map((all) => all.join(" and ")).join(" or ")
}

function marker(written: Record<string, unknown>): string {
  const platform = text(written.platform)
  const all = [
    text(written.markers) ?? "",
    either(text(written.python) ?? "*", pythonMarkers),
    platform === undefined ? "" : either(platform, platformMarkers),
  ].filter(Boolean)
  const grouped = (one: string) =>
    all.length > 1 && / or /.test(one) ? `(${one})` : one
  return all.map(grouped).join(" and ")
}

/** What a dependency of Poetry's is by PEP 508, or why it cannot be written. */
export type Written = { requirement: string } | { reason: string }

interface Refusal {
  is(it: Record<string, unknown>, version: string): boolean
  reason(it: Record<string, unknown>): string
}

/** What PEP 508 has no words for, in the order in which it is looked for. */
const REFUSALS: Refusal[] = [
  {
    is: (it) => ["path", "file", "git", "url"].some((key) => key in it),
    reason: () => "is a path or a repository",
  },
  {
    is: ({ source }) => (text(source) ?? "pypi").toLowerCase() !== "pypi",
    reason: ({ source }) => `comes from the source ${source}`,
  },
  {
    is: (_, version) => alternatives(version).length > 1,
    reason: ({ version }) => `has an "or" between versions (${version})`,
  },
  {
    is: (_, version) => {
      const range = constraints(version)
      return range !== "" && !validRange(range)
    },
    reason: ({ version }) => `has a version of its own form (${version})`,
  },
]

/** A dependency of Poetry's, as PEP 508 writes it. */
export function poetryRequirement(name: string, value: unknown): Written {
  const it = typeof value === "string" ? { version: value } : table(value)
  const version = text(it.version) ?? "*"
  const refusal = REFUSALS.find((row) => row.is(it, version))
  if (refusal !== undefined) return { reason: refusal.reason(it) }
  const extras = texts(it.extras)
  const when = marker(it)
  const parts = [
    name,
    extras.length > 0 ? `[${extras.join(",")}]` : "",
    constraints(version),
    when === "" ? "" : `; ${when}`,
  ]
  return { requirement: parts.join("") }
}
