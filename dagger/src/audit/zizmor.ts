import type { Finding, Severity } from "./finding.js"

/** A finding of zizmor's, of its JSON (v1), as far as this reads it. */
export interface ZizmorFinding {
  ident: string
  desc: string
  url: string
  ignored: boolean
  determinations: { severity: string }
  locations: {
    symbolic: {
      kind: string
      annotation: string
      key: { Local?: { verbatim_path: string } }
    }
    concrete: { location: { start_point: { row: number } } }
  }[]
}

const SEVERITIES: Record<string, Severity> = { High: "error", Medium: "error" }

/** zizmor's findings as this audit's, those left out that a comment ignores. */
export function readZizmor(found: ZizmorFinding[]): Finding[] {
  return found.flatMap((finding) => {
    const { ident, desc, url, ignored, determinations, locations } = finding
    const place =
      locations.find(({ symbolic }) => symbolic.kind === "Primary") ??
      locations[0]
    if (ignored || place === undefined) return []
    const { annotation, key } = place.symbolic
    return {
      id: `zizmor/${ident}`,
      severity: SEVERITIES[determinations.severity] ?? "warning",
      file: (key.Local?.verbatim_path ?? "").replace(/^\.\//, ""),
      line: place.concrete.location.start_point.row + 1,
      why: `${desc}: ${annotation}`,
      fix: `See ${url}.`,
    }
  })
}
