import { type Choices, isOwn, Trigger, writeChoices } from "./choices.js"
import { PIPELINE } from "./deploy.js"
import type { Follower, Sequel } from "./followers.js"
import type { Remaining, Retired, Retirement } from "./retire.js"
import type { Settings } from "./settings.js"

/** What the set-up notes tell of. */
export interface NotesRequest {
  settings: Settings
  choices: Choices
  /** OWNER/NAME on GitHub. */
  repository: string
  /** The workflow's file name. */
  file: string
  retired: Retired
}

/** Where the notes are written; the second where others have the first. */
export const NOTES = ["docs/deploying.md", "docs/deploying-to-pypi.md"]

/**
 * The path to write the notes to: where none are, or scaffold's own.
 *
 * @param there - files by path, empty where there is none
 * @throws a sentence where all of them are somebody's own
 */
export function notesPath(there: Record<string, string>): string {
  const free = NOTES.find((path) => {
    const text = there[path] ?? ""
    return text === "" || isOwn(text)
  })
  if (free !== undefined) return free
  throw new Error(
    `The set-up notes would be written over ${NOTES.join(" or ")}, which scaffold did not write. Rename one of them, and call again.`,
  )
}

/** The indexes, and the environment that deploys to each. */
const INDEXES = { pypi: "https://pypi.org", testpypi: "https://test.pypi.org" }

/**
 * The links to the forms that register a trusted publisher: of a project that
 * is there, filled in; and of one that is to be, whose form takes no value
 * from its address (warehouse, accounts/views.py: it reads POST alone).
 */
export function registrationLinks(
  { settings, repository, file }: NotesRequest,
  index: keyof typeof INDEXES,
): { project: string; pending: string } {
  const [owner = "", name = ""] = repository.split("/")
  const fields = {
    ...{ provider: "github", owner, repository: name },
    ...{ workflow_filename: file, environment: index },
  }
  const pages = `${INDEXES[index]}/manage`
  const form = new URLSearchParams(fields)
  return {
    project: `${pages}/project/${settings.name}/settings/publishing/?${form}`,
    pending: `${pages}/account/publishing/`,
  }
}

function toldBy(channel: string, name: string): (it: Choices) => string {
  return ({ notify }) =>
    notify.includes(channel)
      ? `the new workflow's \`notify\` tells ${name}`
      : `nobody tells ${name} now: pass \`--notify=${channel}\` to scaffold`
}

/** What there is instead of the work of jobs that waited for a publish. */
const INSTEAD: Record<Sequel, (choices: Choices) => string> = {
  release: ({ githubRelease, trigger }) =>
    !githubRelease
      ? "no GitHub release is made now: leave `--github-release=false` out"
      : trigger === Trigger.Release
        ? "publish the GitHub release yourself, and the new workflow attaches the files"
        : "the new workflow's `release` makes the GitHub release, with the sdist and the wheels",
  signatures: () =>
    "PyPI keeps an attestation of each file, and no signature is attached to the GitHub release",
  provenance: () =>
    "PyPI keeps an attestation of each file, and GitHub none of its own",
  slack: toldBy("slack", "Slack"),
  discord: toldBy("discord", "Discord"),
}

function followerText({ id, does }: Follower, choices: Choices): string {
  const instead = does.map((it) => INSTEAD[it](choices)).join("; ")
  return ` \`${id}\`, which waited for that, is gone with it: ${instead}.`
}

function retiredLine(
  { path, jobs, followers, lost, text, to }: Retirement,
  { file, choices }: NotesRequest,
): string {
  const waited = followers.map((it) => it.id)
  const ids = jobs.filter((it) => !waited.includes(it)).join(", ")
  const taken = path === `.github/workflows/${file}`
  const what =
    text === null
      ? taken
        ? `\`${path}\` was another workflow, which published (${ids}): the new one has its name.`
        : `\`${path}\` is gone: it published, too (${ids}).`
      : taken
        ? `\`${path}\` was another workflow, and the new one has its name: the jobs that published are gone (${ids}), the others are in \`${to}\`.`
        : `\`${path}\` has lost the jobs that published, or built for them: ${ids}.`
  const more = lost.map((it) => `\`${it.replaceAll("`", "'")}\``).join(", ")
  const after = followers.map((it) => followerText(it, choices)).join("")
  return lost.length === 0
    ? `- ${what}${after}`
    : `- ${what}${after} With them went what they did besides: ${more}. Bring back what is needed.`
}

function retiredText(request: NotesRequest): string {
  const { retired } = request.retired
  if (retired.length === 0) return ""
  const lines = retired.map((it) => retiredLine(it, request))
  const after =
    "A tag would have been published twice. They are in git: `git log -- .github/workflows`. Remove their trusted publishers from the indexes."
  return ["\n### What was retired", "", ...lines, "", after, ""].join("\n")
}

function remainingText(remaining: Remaining[]): string {
  if (remaining.length === 0) return ""
  const lines = remaining.map(
    ({ path, jobs, why }) =>
      `- \`${path}\` was left as it is (${jobs.join(", ")}): ${why}.`,
  )
  const after =
    "Two workflows would publish the same release: take out by hand what publishes to PyPI there, before the next tag."
  const head = "\n### What may publish still"
  return [head, "", ...lines, "", after, ""].join("\n")
}

function notificationsText({ notify }: Choices, repository: string): string {
  if (notify.length === 0) return ""
  const secrets = notify.map(
    (channel) =>
      `gh secret set ${channel.toUpperCase()}_WEBHOOK --repo ${repository} --env notifications\n`,
  )
  const environment = `gh api --method PUT repos/${repository}/environments/notifications\n`
  return environment + secrets.join("")
}

const RELEASING: Record<Trigger, { when: string; release: string }> = {
  [Trigger.Tag]: {
    when: "every tag `{{tags}}`",
    release: "`git tag -a v1.2.3 -m v1.2.3 && git push origin v1.2.3`",
  },
  [Trigger.Release]: {
    when: "every published GitHub release",
    release: "publish a release on GitHub, with a new tag such as `v1.2.3`",
  },
}

function fill(text: string, values: Record<string, string>): string {
  return Object.entries(values).reduce(
    (filled, [name, value]) => filled.replaceAll(`{{${name}}}`, value),
    text,
  )
}

/**
 * The set-up notes of a project.
 *
 * @param template - templates/deploying.md, with `{{name}}` where values go
 */
export function setupNotes(template: string, request: NotesRequest): string {
  const { settings, choices, repository, file } = request
  const [owner = "", name = ""] = repository.split("/")
  const { when, release } = RELEASING[choices.trigger]
  const example = `${settings.tags.replace(/\[0-9\]\*$|\*$/, "")}1.2.3`
  const pypi = registrationLinks(request, "pypi")
  const testpypi = registrationLinks(request, "testpypi")
  const flag = file === "deploy.yml" ? "" : ` --file=${file}`
  return fill(template, {
    ...{ when, release: release.replaceAll("v1.2.3", example) },
    ...{ name: settings.name, branch: settings.branch, tags: settings.tags },
    ...{ owner, repository: name, file, pipeline: PIPELINE },
    ...{ pypiProject: pypi.project, pypiPending: pypi.pending },
    ...{ testpypiProject: testpypi.project, testpypiPending: testpypi.pending },
    notifications: notificationsText(choices, repository),
    retired: retiredText(request) + remainingText(request.retired.remaining),
    checked: flag,
    flags: writeChoices(choices),
  })
}
