import { type Document, isMap, parseDocument, type YAMLSeq } from "yaml"
import { CHANNELS, type Choices, Trigger, writeChoices } from "./choices.js"
import type { Settings } from "./settings.js"

/**
 * This module, as a workflow calls it: the release whose `scaffold` wrote it.
 * test/unit/module/scaffold.test.ts holds it to package.json's version.
 */
export const PIPELINE = "github.com/pypi-deploy/pypi-deploy@v0.1.0"

const HEAD = "#   dagger call scaffold\n"

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Leaves the jobs out that nobody asked for. */
function withoutJobs(workflow: Document, choices: Choices): void {
  if (!choices.githubRelease) workflow.deleteIn(["jobs", "release"])
  if (choices.notify.length === 0) {
    workflow.deleteIn(["jobs", "notify"])
    return
  }
  const steps = workflow.getIn(["jobs", "notify", "steps"]) as YAMLSeq
  const silent = CHANNELS.filter((it) => !choices.notify.includes(it))
  const names = silent.map((channel) => `Notify ${titled(channel)}`)
  steps.items = steps.items.filter(
    (step) => !isMap(step) || !names.includes(String(step.get("name"))),
  )
}

/** What starts the workflow. */
function setEvents(
  workflow: Document,
  { branch, tags }: Settings,
  trigger: Trigger,
): void {
  workflow.setIn(["on", "push", "branches", 0], branch)
  workflow.setIn(["on", "push", "tags", 0], tags)
  const other = trigger === Trigger.Tag ? ["release"] : ["push", "tags"]
  workflow.deleteIn(["on", ...other])
}

/** Private repositories are checked out with a permission. */
function setPermission(workflow: Document): void {
  const contents = workflow.createNode("read")
  contents.comment = " to check out"
  const permissions = workflow.createNode({ contents })
  workflow.setIn(["jobs", "build", "permissions"], permissions)
}

/**
 * The deployment workflow of a project.
 *
 * @param template - templates/deploy.yml: a workflow with every job
 */
export function deployWorkflow(
  template: string,
  settings: Settings,
  choices: Choices,
): string {
  const workflow = parseDocument(template)
  setEvents(workflow, settings, choices.trigger)
  workflow.setIn(["env", "PIPELINE"], PIPELINE)
  workflow.setIn(["env", "PACKAGE"], choices.path)
  const { pythons } = choices.pythons.length > 0 ? choices : settings
  workflow.setIn(["env", "PYTHONS"], pythons.join(","))
  for (const [job, host] of [
    ["testpypi", "test.pypi.org"],
    ["pypi", "pypi.org"],
  ]) {
    const url = `https://${host}/project/${settings.name}/`
    workflow.setIn(["jobs", job, "environment", "url"], url)
  }
  if (choices.private) setPermission(workflow)
  withoutJobs(workflow, choices)
  const text = workflow.toString({ lineWidth: 0, flowCollectionPadding: false })
  return text.replace(
    HEAD,
    `${HEAD.trimEnd()} --source=.${writeChoices(choices)}\n`,
  )
}
