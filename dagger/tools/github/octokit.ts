import { Octokit } from "@octokit/core"
import { retry } from "@octokit/plugin-retry"
import { throttling } from "@octokit/plugin-throttling"
import { faultOf, whole } from "./whole.ts"

/** How GitHub is reached. */
export interface Access {
  /** Such as https://api.github.com. */
  api: string
  token: string
  /** When waiting ends, in milliseconds since 1970. */
  deadline: number
}

export const Client = Octokit.plugin(whole, retry, throttling)

/** Headers of every request, by https://docs.github.com/rest. */
export const HEADERS = {
  accept: "application/vnd.github+json",
  "x-github-api-version": "2022-11-28",
}

/**
 * How often a read is tried again until a time is over: Octokit waits 1, 4, 9
 * seconds and so on in between.
 */
export function triesWithin(seconds: number): number {
  let tries = 0
  for (let left = seconds; left > 0; tries++) left -= (tries + 1) ** 2
  return Math.max(0, tries - 1)
}

/**
 * Octokit, which reads again after faults of the server, keeps the pace that
 * GitHub asks for, and waits for rate limits while the deadline allows.
 */
export function client({ api, token, deadline }: Access) {
  const inTime = (seconds: number) => Date.now() + seconds * 1000 < deadline
  return new Client({
    auth: token,
    baseUrl: api.replace(/\/$/, ""),
    userAgent: "pypi-deploy",
    // Its warnings would repeat URLs and headers.
    log: { debug() {}, info() {}, warn() {}, error() {} },
    deadline,
    retry: { retries: triesWithin((deadline - Date.now()) / 1000) },
    throttle: { onRateLimit: inTime, onSecondaryRateLimit: inTime },
  })
}

export type GitHub = ReturnType<typeof client>

/** Status and words of an answer that is no success. */
export interface Failure {
  /** 0 where there was no answer. */
  status: number
  words: string
  /** Codes of what is wrong, such as `already_exists`. */
  codes: string[]
}

/** What GitHub says is wrong. */
export function failureOf(error: unknown): Failure {
  const { status, message, response } = faultOf(error)
  const data = response?.data as { message?: string; errors?: unknown } | null
  const errors = Array.isArray(data?.errors) ? data.errors : []
  const details = errors.map((it: Record<string, string>) =>
    typeof it === "string" ? it : (it.message ?? `${it.field} ${it.code}`),
  )
  const said = [data?.message ?? message, ...details].join(": ")
  return {
    // Octokit's word for a connection that failed is 500, with no answer.
    status: response === undefined ? 0 : status,
    words: said.replace(/\s+/g, " ").slice(0, 300),
    codes: errors.flatMap((it: { code?: string }) => it?.code ?? []),
  }
}

/** Whether the server or the way to it was at fault, and may not be later. */
export function passes({ status }: Failure): boolean {
  return status === 0 || status >= 500
}

const ADVICE: Record<number, string> = {
  401: " Check --token: it may have expired.",
  403: " The token needs `contents: write` on the repository; a rate limit may also not end before --deadline.",
  404: " Check --repository, and that the token may see it (`contents: write`).",
  429: " The rate limit does not end before --deadline. Call again later.",
}

/** What people read of it. */
export function sentence(what: string, { status, words }: Failure): string {
  const answer = status === 0 ? "gives no answer" : `answers ${status}`
  return `GitHub ${answer} to ${what}: ${words}.${ADVICE[status] ?? ""}`
}
