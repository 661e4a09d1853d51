import { type Choices, Trigger, writeChoices } from "./choices.js"
import { PIPELINE } from "./deploy.js"
import type { Retirement } from "./retire.js"
import type { Settings } from "./settings.js"

/** What the set-up notes tell of. */
export interface NotesRequest {
  settings: Settings
  choices: Choices
  /** OWNER/NAME on GitHub. */
  repository: string
  /** The workflow's file name. */
  file: string
  retired: Retirement[]
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

function retiredText(retired: Retirement[]): string {
  if (retired.length === 0) return ""
  const lines = retired.map(({ path, jobs, text }) =>
    text === null
      ? `- \`${path}\` is gone: it published, too (${jobs.join(", ")}).`
      : `- \`${path}\` has lost the jobs that published: ${jobs.join(", ")}.`,
  )
  const after =
    "A tag would have been published twice. They are in git: `git log -- .github/workflows`. Remove their trusted publishers from the indexes."
  return ["\n### What was retired", "", ...lines, "", after, ""].join("\n")
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
    retired: retiredText(request.retired),
    checked: flag,
    flags: writeChoices(choices),
  })
}
