/** Where links of a changelog lead; each is the beginning of a URL. */
export interface Forge {
  commit: string
  pull: string
  /** Of the page of one tag. */
  tag: string
  /** `A...B` follows. */
  compare: string
}

/** How forges spell their pages, by what is in their host's name. */
const FORGES: { host: RegExp; pages: Forge }[] = [
  {
    host: /gitlab/,
    pages: {
      commit: "/-/commit/",
      pull: "/-/merge_requests/",
      tag: "/-/tags/",
      compare: "/-/compare/",
    },
  },
  {
    host: /bitbucket/,
    pages: {
      commit: "/commits/",
      pull: "/pull-requests/",
      tag: "/commits/tag/",
      compare: "/branches/compare/",
    },
  },
]

/** GitHub's, which Gitea and Forgejo have as well. */
const OTHERS: { pages: Forge } = {
  pages: {
    commit: "/commit/",
    pull: "/pull/",
    tag: "/releases/tag/",
    compare: "/compare/",
  },
}

/** The page of a repository, by any URL that git clones it from. */
function pageOf(url: string): URL | null {
  const ssh = /^(?:ssh:\/\/)?[\w.-]+@([\w.-]+)(?::\d+)?[:/]+(.+)$/.exec(url)
  const text = ssh ? `https://${ssh[1]}/${ssh[2]}` : url
  const [, page = ""] = /^(https?:\/\/.+?)(?:\.git)?\/?$/.exec(text) ?? []
  return URL.canParse(page) ? new URL(page) : null
}

/**
 * Where the links of a changelog lead.
 *
 * @param given - `--repository`: OWNER/NAME on GitHub, or a URL; or empty
 * @param remote - what the repository was cloned from, where that is known
 * @returns null where there is no such page, as for a clone of a folder
 * @throws a sentence where what was given is neither
 */
export function forgeOf(given: string, remote: string | null): Forge | null {
  const short = /^[\w.-]+\/[\w.-]+$/.test(given)
  const url = pageOf(short ? `https://github.com/${given}` : given)
  if (given !== "" && url === null) {
    throw new Error(
      `--repository=${given} is no repository. Pass OWNER/NAME, or a URL such as https://gitlab.com/owner/name.`,
    )
  }
  const page = url ?? (remote === null ? null : pageOf(remote))
  if (page === null) return null
  const { pages } =
    FORGES.find(({ host }) => host.test(page.hostname)) ?? OTHERS
  // Host and path alone: a URL may hold a user and a token.
  const base = `${page.protocol}//${page.host}${page.pathname}`
  return Object.fromEntries(
    Object.entries(pages).map(([name, path]) => [name, base + path]),
  ) as unknown as Forge
}
