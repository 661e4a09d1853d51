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

/** What zizmor reads of a repository: its own settings, too. */
export const READ = [
  ".github/**",
  ".pre-commit-config.yaml",
  "action.yml",
  "action.yaml",
  "zizmor.yml",
  "zizmor.yaml",
]

/**
 * What to do about what zizmor finds offline, as its regular persona, as audits
 * of the project's own say it. test/fixtures/audit/zizmor has a repository for
 * each, and test/unit/tools/test_zizmor.py the rules that find nothing then.
 */
export const FIXES: Record<string, string> = {
  "adhoc-packages":
    "Name the package in the manifest, and install from its lock: npm ci, bundle install.",
  "archived-uses": "Take an action that is looked after, or a command.",
  artipacked: "Set `persist-credentials: false` in actions/checkout.",
  "bot-conditions":
    "Compare github.event.pull_request.user.login, not github.actor.",
  "cache-poisoning": "Restore no cache in a job that builds a release.",
  "dangerous-triggers":
    "Start it by pull_request, and do what needs rights in a job that runs none of its code.",
  "dependabot-cooldown":
    "Let Dependabot wait: `cooldown: default-days: 7`, so that a release that is withdrawn is not taken.",
  "dependabot-execution":
    "Remove `insecure-external-code-execution: allow`: what it runs reads Dependabot's secrets.",
  "excessive-permissions":
    "Write `permissions: {}` at the top, and in each job those that its steps use.",
  "forbidden-uses":
    "Take an action that the project's zizmor.yml allows, or allow this one there.",
  "github-app": "Name the permissions and repositories that the token needs.",
  "github-env": "Hand values on by $GITHUB_OUTPUT.",
  "hardcoded-container-credentials":
    "Revoke the password, and keep the new one in a secret.",
  "insecure-commands": "Write to $GITHUB_ENV and $GITHUB_PATH instead.",
  "insecure-url-scheme": "Take it over https://.",
  misfeature: "Do by a command what the input does.",
  obfuscation: "Write it straight.",
  "overprovisioned-secrets": "Name the secrets that the step needs.",
  "secrets-inherit": "Name the secrets that the workflow needs.",
  "self-repository":
    "Begin it with $/ instead of ./: it is then this repository's at the workflow's commit, whatever was checked out.",
  "superfluous-actions": "Use the command that the runner has for it.",
  "template-injection": "Give the value to the script in a variable, by `env`.",
  "typosquat-uses": "Look whose action that is, and correct its name.",
  "unpinned-images": "Name the image by its digest: @sha256:….",
  "unpinned-tools": "Name the version of the tool in the action's `with`.",
  "unpinned-uses":
    "Name the action by the full SHA of a commit, with the version in a comment.",
  "unredacted-secrets": "Keep each value in a secret of its own.",
  "unsound-condition":
    "Write the condition on one line, or without its braces.",
  "unsound-contains": "Compare with a list: contains(fromJSON('[…]'), …).",
  "unsound-ternary":
    "Turn the condition round, so that the first value is true.",
  "use-trusted-publishing":
    "Register the workflow as a trusted publisher, and remove the token.",
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
      fix: [FIXES[ident], `See ${url}.`].filter(Boolean).join(" "),
    }
  })
}
