import { type Directory, dag, type File } from "@dagger.io/dagger"
import {
  bodyOf,
  extendDocument,
  linkOf,
  type Notes,
  newHead,
} from "./changelog/extend.js"
import { type Forge, forgeOf } from "./changelog/forge.js"
import { renderNotes } from "./changelog/render.js"
import { readDocument, writeDocument } from "./changelog/sections.js"
import { type Span, spansOf } from "./changelog/spans.js"
import { base, SOURCE, withTools } from "./container.js"
import type { LogCommit } from "./next-version/commits.js"
import { standing } from "./next-version/reverts.js"
import { readSource, type Source, withSource } from "./source.js"
import { ask } from "./tool.js"

/** What `changelog` is asked with. */
export interface ChangelogRequest {
  path: string
  /** The one to give; empty for the whole history. */
  version: string
  /** The tag that unreleased commits go under; empty for none. */
  tag: string
  repository: string
  /** The changelog's name in the package's folder. */
  file: string
}

/** What tools/history.py prints. */
interface History {
  spans: { time: number; commits: LogCommit[] }[]
  existing: string | null
  remote: string | null
}

/** The notes of each span. */
async function readNotes(
  source: Source,
  spans: Span[],
  { spans: read }: History,
  forge: Forge | null,
): Promise<Notes[]> {
  const bodies = await renderNotes(
    source,
    spans.map(({ from, to }, place) => ({
      ...{ from, to },
      skip: standing(read[place]?.commits ?? []).undone.map(({ id }) => id),
    })),
    forge,
  )
  return spans.map(({ version, tag, from }, place) => ({
    ...{ version, tag, after: from },
    time: read[place]?.time ?? 0,
    body: bodies[place] ?? "",
  }))
}

/** The notes of one release, with a link to all that changed. */
function pageOf(body: string, notes: Notes, forge: Forge | null): string {
  const link = forge === null ? "" : linkOf(notes, forge)
  const all = link === "" ? [] : [`**All changes**: ${link}`]
  return `${[body, ...all].join("\n\n")}\n`
}

/** The changelog of a source, or the notes of one version. */
export async function writeChangelog(
  directory: Directory,
  request: ChangelogRequest,
): Promise<string> {
  const { path, version, tag, repository, file } = request
  // As a branch: at HEAD, too, tags count as releases that are there.
  const source = await readSource(directory, path, "refs/heads/HEAD")
  const { project, commit } = source
  const { tagsAtHead, tagsBehind } = commit
  const spans = spansOf({ project, tagsAtHead, tagsBehind, version, tag })
  const history = await ask<History>(
    base()
      .with(withTools("history.py", "commits.py", "repository.py"))
      .with(withSource(source)),
    "Reading the history",
    ["python", "/tools/history.py", "--root", SOURCE, "--path", source.path],
    { spans: spans.map(({ from, to }) => ({ from, to })), file },
  )
  const forge = forgeOf(repository, history.remote)
  const notes = await readNotes(source, spans, history, forge)
  const old = readDocument(history.existing ?? newHead(project.name))
  const extended = extendDocument(old, notes, forge)
  const [first] = notes
  if (version === "" || first === undefined) return writeDocument(extended)
  // What people wrote of a release is what is said of it.
  const body = bodyOf(extended, first.version ?? version) ?? first.body
  return pageOf(body, first, forge)
}

/** The changelog as a file. */
export async function changelogFile(
  directory: Directory,
  request: ChangelogRequest,
): Promise<File> {
  const name = request.version === "" ? request.file : "NOTES.md"
  const text = await writeChangelog(directory, request)
  return dag.directory().withNewFile(name, text).file(name)
}
