import {
  type Document,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml"
import { CHANNELS, type Choices, Trigger, writeChoices } from "./choices.js"
import type { Settings } from "./settings.js"

/**
 * This module, as a workflow calls it: the release whose `scaffold` wrote it.
 * test/unit/module/scaffold.test.ts holds it to package.json's version.
 */
export const PIPELINE = "github.com/pypi-deploy/pypi-deploy@v0.1.0"

const HEAD = "#   dagger call scaffold\n"

const STEPS = ["jobs", "notify", "steps"]

/** Leaves a channel out: its flag and its secret. */
function silence(workflow: Document, channel: string): void {
  const steps = workflow.getIn(STEPS) as YAMLSeq<YAMLMap>
  const step = steps.items.findIndex((it) => it.get("name") === "Notify")
  const secret = `${channel.toUpperCase()}_WEBHOOK`
  workflow.deleteIn([...STEPS, step, "env", secret])
  const line = workflow.getIn([...STEPS, step, "run"]) as string
  const flag = ` --${channel}=env:${secret}`
  workflow.setIn([...STEPS, step, "run"], line.replace(flag, ""))
}

/** Leaves the jobs out that nobody asked for. */
function withoutJobs(workflow: Document, choices: Choices): void {
  const { githubRelease, notify } = choices
  if (!githubRelease) {
    workflow.deleteIn(["jobs", "release"])
    const needs = workflow.getIn(["jobs", "notify", "needs"]) as YAMLSeq<Scalar>
    needs.items = needs.items.filter((it) => it.value !== "release")
  }
  if (notify.length === 0) workflow.deleteIn(["jobs", "notify"])
  const silent = CHANNELS.filter((it) => !notify.includes(it))
  if (notify.length > 0) for (const it of silent) silence(workflow, it)
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
function setPermission(workflow: Document, job: string): void {
  const contents = workflow.createNode("read")
  contents.comment = " to check out"
  const permissions = workflow.createNode({ contents })
  workflow.setIn(["jobs", job, "permissions"], permissions)
}

/** Which module is called, and for which package. */
function setEnvironment(workflow: Document, { path }: Choices): void {
  workflow.setIn(["env", "PIPELINE"], PIPELINE)
  workflow.setIn(["env", "PACKAGE"], path)
}

function written(workflow: Document): string {
  return workflow.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/**
 * The workflow that is started by hand: the next version, the changelog, a
 * rollback.
 *
 * @param template - templates/releasing.yml
 */
export function releasingWorkflow(template: string, choices: Choices): string {
  const workflow = parseDocument(template)
  setEnvironment(workflow, choices)
  const reading = ["next-version", "changelog"]
  if (choices.private) for (const job of reading) setPermission(workflow, job)
  return written(workflow)
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
  setEnvironment(workflow, choices)
  const { pythons } = choices.pythons.length > 0 ? choices : settings
  workflow.setIn(["env", "PYTHONS"], pythons.join(","))
  for (const [job, host] of [
    ["testpypi", "test.pypi.org"],
    ["pypi", "pypi.org"],
  ]) {
    const url = `https://${host}/project/${settings.name}/`
    workflow.setIn(["jobs", job, "environment", "url"], url)
  }
  if (choices.private) setPermission(workflow, "build")
  withoutJobs(workflow, choices)
  return written(workflow).replace(
    HEAD,
    `${HEAD.trimEnd()} --source=.${writeChoices(choices)}\n`,
  )
}
