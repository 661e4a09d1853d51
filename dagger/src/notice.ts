import { compare } from "@renovatebot/pep440"
import type { Commit } from "./facts.js"
import type { Holdings } from "./holdings.js"
import { type Counted, publicVersion } from "./next.js"
import type { Project } from "./project.js"
import { type Build, named } from "./ref.js"
import { oddTags, versionTags } from "./tag.js"
import { table } from "./toml.js"

/** What notices are made of. */
export interface NoticeFacts {
  project: Project
  commit: Commit
  build: Build
  counted: Counted
  /** null where there is no index, or it could not be asked. */
  held: Holdings | null
}

/** Something worth knowing that stops nothing; null where it is not so. */
type Notice = (facts: NoticeFacts) => string | null

function firstTag({ project, commit, counted }: NoticeFacts): string | null {
  const tags = [...commit.tagsBehind, ...commit.tagsAtHead]
  if (project.version !== undefined) return null
  if (versionTags(tags, project.tagging).length > 0) return null
  const release = publicVersion(counted.version).replace(/\.dev\d+$/, "")
  return `No release tag is behind HEAD, so commits are counted from the beginning. The first release is made by its tag: git tag v${release} && git push origin v${release}.`
}

function passedOver({ project, commit }: NoticeFacts): string | null {
  const tags = [...commit.tagsAtHead, ...commit.tagsBehind]
  const odd = oddTags(tags, project.tagging)
  if (project.version !== undefined || odd.length === 0) return null
  const list = odd.map(({ tag, meant }) => `${tag} (${meant} is a release)`)
  return `Tags that are no releases are passed over: ${named(list)}.`
}

function offDefault({ build, commit }: NoticeFacts): string | null {
  const { defaultBranch, onDefaultBranch } = commit
  if (build.kind !== "tag" || defaultBranch === null || onDefaultBranch) {
    return null
  }
  const branch = defaultBranch.replace(/^refs\/(heads|remotes\/[^/]+)\//, "")
  return `The tag ${build.tag} is not on ${branch}: right for a backport, and what it releases is not in the versions that ${branch} makes.`
}

function lower({ counted, held }: NoticeFacts): string | null {
  const version = publicVersion(counted.version)
  const newest = held?.newest ?? null
  return newest !== null && compare(version, newest) < 0
    ? `The index has ${newest}, which is higher than ${version}: right for a backport, a rerun, or the slower of two pushes.`
    : null
}

function alreadyThere({ held }: NoticeFacts): string | null {
  const files = held?.files ?? []
  return files.length > 0
    ? `The index has this version already: ${named(files)}. The same bytes again are nothing to do; other bytes stop the upload (another branch, or a force-push, made the same number).`
    : null
}

function guessed({ project, counted }: NoticeFacts): string | null {
  if (!counted.guessed) return null
  const scheme = String(project.settings.version_scheme ?? "")
  return `${scheme === "" ? "The project's scheme" : `The scheme ${scheme}`} gives no dev version that fits after ${counted.tag ?? "the beginning"}: guess-next-dev stood in for it.`
}

function scoped({ project }: NoticeFacts): string | null {
  const git = table(table(project.settings.scm).git)
  return git.distance_scope
    ? "distance_scope is passed over: every commit is counted, so that each has a version of its own."
    : null
}

function edited({ commit }: NoticeFacts): string | null {
  return commit.edited.length > 0
    ? `The work tree is not the commit: ${named(commit.edited)} changed. It is never published.`
    : null
}

const NOTICES: Notice[] = [
  edited,
  firstTag,
  passedOver,
  guessed,
  scoped,
  offDefault,
  lower,
  alreadyThere,
]

/** Everything worth knowing of what is built, in sentences. */
export function notices(facts: NoticeFacts): string[] {
  return NOTICES.flatMap((notice) => notice(facts) ?? [])
}
