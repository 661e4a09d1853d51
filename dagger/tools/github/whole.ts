import { setTimeout as sleep } from "node:timers/promises"
import type { Octokit } from "@octokit/core"

/** An answer, or the error that Octokit makes of one. */
interface Answer {
  status: number
  headers: Record<string, string | number | undefined>
  data: unknown
}

/** What is known of a request when it is sent. */
interface Options {
  headers: Record<string, unknown>
  request?: { signal?: AbortSignal; [name: string]: unknown }
}

export type Send = (options: Options) => Promise<Answer>

/**
 * The longest wait for an answer to what was sent: GitHub itself ends requests
 * after 10 seconds (docs.github.com/rest, "Timeouts").
 */
const LONGEST_ANSWER = 30_000
/** Bytes per millisecond of the slowest line that files are sent on. */
const SLOWEST_LINE = 50

/** An answer that broke off: Octokit gives what it has of it as a text. */
export function isCut({ status, data }: Answer): boolean {
  return status !== 204 && typeof data === "string"
}

/** What Octokit throws. */
interface Fault {
  status: number
  message: string
  /** Nothing where there was no answer. */
  response: Answer | undefined
}

/** Whether it was a request that failed, and not something of our own. */
export function isRequestFault(error: unknown): boolean {
  return (error as Partial<Fault> | undefined)?.status !== undefined
}

/** What was thrown, as Octokit has it. */
export function faultOf(error: unknown): Fault {
  const { status = 0, message = "", response } = (error ?? {}) as Partial<Fault>
  return { status, message, response }
}

/**
 * Seconds to wait before a refused request is sent again, where GitHub says it
 * in a form that Octokit's throttling does not know; null where it does not.
 */
export function pauseOf(error: unknown): number | null {
  const { status, message, response } = faultOf(error)
  const { headers = {} } = response ?? {}
  const known =
    /\bsecondary rate\b/i.test(message) ||
    headers["x-ratelimit-remaining"] === "0"
  const seconds = Number(headers["retry-after"])
  return [403, 429].includes(status) && !known && seconds >= 0 ? seconds : null
}

/** Milliseconds that a request may take, of those that are left. */
export function longestWait(headers: Options["headers"], left: number): number {
  const bytes = Number(headers["content-length"] ?? 0)
  const sending = Math.ceil(bytes / SLOWEST_LINE)
  return Math.max(1000, Math.min(left, LONGEST_ANSWER + sending))
}

/**
 * Sends requests as Octokit does, and more: an answer that broke off is a
 * fault and no empty answer, none is waited for without an end, and each
 * Retry-After is kept while the deadline, in milliseconds since 1970, allows.
 */
export function wholly(deadline: number) {
  return async (send: Send, options: Options): Promise<Answer> => {
    const longest = longestWait(options.headers, deadline - Date.now())
    // Hooks between this one and the request see no options but these.
    const request = { ...options.request, signal: AbortSignal.timeout(longest) }
    options.request = request
    try {
      const answer = await send(options)
      if (!isCut(answer)) return answer
    } catch (error) {
      const pause = pauseOf(error)
      if (pause === null || Date.now() + pause * 1000 > deadline) throw error
      await sleep(pause * 1000)
      return wholly(deadline)(send, options)
    }
    // As Octokit has it where there is no answer at all.
    const cut = new Error("the answer broke off")
    throw Object.assign(cut, { status: 500, request: options })
  }
}

/** The plugin: the first of all, so that the others see what it makes. */
export function whole(octokit: Octokit, options: object) {
  const { deadline = Number.POSITIVE_INFINITY } = options as {
    deadline?: number
  }
  octokit.hook.wrap("request", wholly(deadline) as never)
  return {}
}
