import { satisfies } from "@renovatebot/pep440"
import { table, text, texts } from "../toml.js"
import type { Edit, MigrationRequest } from "./plan.js"

/** setuptools-scm with the settings that are written, for Python 3.8 and up. */
const SCM = "setuptools-scm>=10"

/**
 * The first setuptools that reads what is written, and the lowest Python that
 * it installs on.
 */
const FLOORS = {
  plain: { requirement: "setuptools>=64", python: "3.8" },
  // Licence expressions and license-files of [project] (PEP 639).
  spdx: { requirement: "setuptools>=77.0.3", python: "3.9" },
}

/** Every Python that metadata may promise, in rising order. */
const PYTHONS = [
  ...[6, 7].map((minor) => `2.${minor}`),
  ...Array.from({ length: 40 }, (_, minor) => `3.${minor}`),
]

/** The lowest Python that metadata promises; null without a word on it. */
export function lowestPython(range: string): string | null {
  const allowed = (python: string) =>
    // `>=3.9.2` has no 3.9.0: any release of it will do.
    [0, 30].some((patch) => satisfies(`${python}.${patch}`, range))
  return range.trim() === "" ? null : (PYTHONS.find(allowed) ?? null)
}

/** Whether one Python comes before another one. */
export function isBefore(python: string, other: string): boolean {
  return PYTHONS.indexOf(python) < PYTHONS.indexOf(other)
}

/** Floors for [build-system].requires, and the Pythons they leave behind. */
export function floors(requiresPython: string, spdx: boolean) {
  const floor = FLOORS[spdx ? "spdx" : "plain"]
  const lowest = lowestPython(requiresPython)
  const left = lowest !== null && isBefore(lowest, floor.python)
  return {
    requires: [floor.requirement, SCM],
    left: left ? { lowest, floor: floor.python } : null,
  }
}

function nameOf(requirement: string): string {
  const name = requirement.trim().replace(/[^\w.-].*$/s, "")
  return name.replace(/[-_.]+/g, "-").toLowerCase()
}

/** The requires-python that the built metadata states. */
export function requiresPython({ survey }: MigrationRequest): string {
  return survey.wheel.fields["Requires-Python"]?.[0] ?? ""
}

/** Edits of [build-system]. */
export function requirements(
  request: MigrationRequest,
  spdx: boolean,
): { edits: Edit[]; added: Record<string, unknown> } {
  const { pyproject, backend } = request
  const { requires } = floors(requiresPython(request), spdx)
  const system = table(pyproject["build-system"])
  const own = { requires, "build-backend": "setuptools.build_meta" }
  if (!("build-system" in pyproject))
    return { edits: [], added: { "build-system": own } }
  const at = (key: string) => ["build-system", key]
  const backendEdit: Edit = {
    ...{ do: "set", path: at("build-backend") },
    value: own["build-backend"],
  }
  if (backend !== "setuptools") {
    const edits: Edit[] = [
      { do: "set", path: at("requires"), value: requires },
      ...(text(system["build-backend"]) === own["build-backend"]
        ? []
        : [backendEdit]),
      ...("backend-path" in system
        ? [{ do: "remove" as const, path: at("backend-path") }]
        : []),
    ]
    return { edits, added: {} }
  }
  // What else it needs stays; setuptools is asked for by its own floor.
  const kept = texts(system.requires).filter(
    (it) => nameOf(it) === "setuptools",
  )
  const bare = kept.filter((it) => it.trim() === "setuptools")
  const added = kept.length > bare.length ? [SCM] : requires
  const change: Edit = {
    ...{ do: "change", path: at("requires"), removed: bare },
    added,
  }
  return { edits: [change, backendEdit], added: {} }
}
