import { type Changeset, type Directory, dag } from "@dagger.io/dagger"
import {
  type Choices,
  checkChannels,
  checkPythons,
  DEFAULTS,
  isOwn,
  readChoices,
} from "./scaffold/choices.js"
import { deployWorkflow, releasingWorkflow } from "./scaffold/deploy.js"
import { NOTES, notesPath, setupNotes } from "./scaffold/notes.js"
import { checkWritten, retire } from "./scaffold/retire.js"
import { type Settings, settingsOf } from "./scaffold/settings.js"
import { readSource } from "./source.js"
import { isWorkflow, readRepository } from "./workflows.js"

const RELEASING = ".github/workflows/releasing.yml"

/** What to write, and where. */
export interface ScaffoldRequest {
  source: Directory
  choices: Choices
  /** The workflow's file name. */
  file: string
  /** OWNER/NAME on GitHub; empty: where the clone came from. */
  repository: string
}

function workflowPath(file: string): string {
  const path = `.github/workflows/${file}`
  if (isWorkflow(path)) return path
  throw new Error(
    `--file=${file} is no workflow's file name. Pass a name without folders that ends in .yml or .yaml, such as --file=deploy.yml.`,
  )
}

function githubRepository(given: string, found: string | null): string {
  const name = given || found || ""
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return name
  throw new Error(
    given === ""
      ? "The clone does not say which repository on GitHub it is of: it has no remote `origin` there. Pass --repository=OWNER/NAME."
      : `--repository=${given} is no OWNER/NAME, such as octocat/hello.`,
  )
}

function template(file: string): Promise<string> {
  const folder = dag.currentModule().source().directory("templates")
  return folder.file(file).contents()
}

type Files = [path: string, text: string][]

/** The workflows of a project, by their paths. */
async function wantedFiles(
  path: string,
  settings: Settings,
  choices: Choices,
): Promise<Files> {
  const deploy = await template("deploy.yml")
  const files: Files = [[path, deployWorkflow(deploy, settings, choices)]]
  if (!choices.releasing) return files
  if (path === RELEASING) {
    throw new Error(
      "--file=releasing.yml is the name of the workflow that --releasing writes. Pass another.",
    )
  }
  const releasing = await template("releasing.yml")
  return [...files, [RELEASING, releasingWorkflow(releasing, choices)]]
}

/** A text with the line ends of another. */
function withLineEnds(text: string, other: string): string {
  return other.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text
}

function withFiles(folder: Directory, files: Files): Directory {
  return files.reduce(
    (written, [path, text]) => written.withNewFile(path, text),
    folder,
  )
}

/** A file's text; empty where there is none. */
async function textOf(source: Directory, path: string): Promise<string> {
  const there = (await source.glob(path)).length > 0
  return there ? source.file(path).contents() : ""
}

/** The files with the line ends that each of them has already. */
function asThere(source: Directory, files: Files): Promise<Files> {
  return Promise.all(
    files.map(async ([path, text]): Promise<Files[number]> => {
      return [path, withLineEnds(text, await textOf(source, path))]
    }),
  )
}

/** Where the set-up notes go. */
async function freeNotes(source: Directory): Promise<string> {
  const there = NOTES.map(async (it) => [it, await textOf(source, it)])
  return notesPath(Object.fromEntries(await Promise.all(there)))
}

function checkReleasing(
  texts: Record<string, string>,
  { releasing }: Choices,
): void {
  const there = texts[RELEASING]
  if (!releasing || there === undefined || isOwn(there)) return
  throw new Error(
    `${RELEASING} is there, and scaffold did not write it. Rename it, or leave --releasing out.`,
  )
}

/**
 * A project's deployment workflow and set-up notes, with the workflows retired
 * that publish already.
 *
 * @throws a sentence where a flag has another form, where a file that scaffold
 *   did not write would be lost, or no flag and no remote says which
 *   repository on GitHub it is
 */
export async function scaffoldWorkflow(
  request: ScaffoldRequest,
): Promise<Changeset> {
  const { source, choices, file } = request
  const path = workflowPath(file)
  checkChannels(choices.notify)
  checkPythons(choices.pythons)
  const read = await readSource(source, choices.path)
  const found = await readRepository(read)
  const repository = githubRepository(request.repository, found.repository)
  const settings = settingsOf(read, found)
  const workflows = Object.fromEntries(
    Object.entries(found.texts).filter(([it]) => isWorkflow(it)),
  )
  checkReleasing(workflows, choices)
  const retired = retire(workflows, path)
  checkWritten(workflows, path, retired)
  const told = { settings, choices, repository, file, retired }
  const notes: Files = [
    [await freeNotes(source), setupNotes(await template("deploying.md"), told)],
  ]
  const wanted = await wantedFiles(path, settings, choices)
  const rest = retired.retired.flatMap(
    ({ to, text }): Files => (text === null ? [] : [[to, text]]),
  )
  const cleared = retired.retired.reduce(
    (folder, it) => folder.withoutFile(it.path),
    source,
  )
  const files = [...(await asThere(source, [...notes, ...wanted])), ...rest]
  return withFiles(cleared, files).changes(source)
}

/**
 * Whether the workflow that is there is the one that would be written now,
 * with the choices that its head has. An empty Changeset where it is.
 *
 * @throws the differences where it is not, as a patch that mends it
 */
export async function checkWorkflow({
  source,
  file,
  choices: { path: asked },
}: Pick<ScaffoldRequest, "source" | "file" | "choices">): Promise<Changeset> {
  const path = workflowPath(file)
  const text = await textOf(source, path)
  if (text !== "" && !isOwn(text)) {
    throw new Error(
      `${path} is another workflow, which scaffold did not write. Pass the name of the one to check, such as --file=publish.yml.`,
    )
  }
  const choices = readChoices(text) ?? { ...DEFAULTS, path: asked }
  const read = await readSource(source, choices.path)
  const settings = settingsOf(read, await readRepository(read))
  const found = await wantedFiles(path, settings, choices)
  const wanted = await asThere(source, found)
  const changes = withFiles(source, wanted).changes(source)
  const same = await Promise.all(
    wanted.map(async ([at, it]) => it === (await textOf(source, at))),
  )
  if (same.every(Boolean)) return changes
  if (text === "") {
    throw new Error(
      `There is no ${path} to check. Write it: scaffold --source=. export --path=.`,
    )
  }
  const patch = await changes.asPatch().contents()
  throw new Error(
    `${path} is not what scaffold would write. Apply this patch, or write it anew (scaffold --source=. export --path=.):\n${patch.trimEnd()}`,
  )
}
