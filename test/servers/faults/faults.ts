import type { IncomingMessage } from "node:http"

/** What can go wrong between a client and an index. */
export type FaultKind =
  | "reset connection"
  | "reset before body"
  | "reset during body"
  | "reset after body"
  | "503"
  | "502 after storing"
  | "429"
  | "429 with Retry-After"
  | "slow answer"
  | "no answer"
  | "truncated answer"
  | "stale listing"

type Applies = (request?: IncomingMessage) => boolean

const request: Applies = (it) => it !== undefined
const hasBody: Applies = (it) => /^(POST|PATCH)$/.test(it?.method ?? "")
const reads: Applies = (it) => it?.method === "GET"
const lists: Applies = (it) => it !== undefined && isListing(it)

/** Which requests each kind can hit; a new connection has none yet. */
const FAULTS: Record<FaultKind, Applies> = {
  "reset connection": (it) => it === undefined,
  "reset before body": request,
  "reset during body": hasBody,
  "reset after body": hasBody,
  "503": request,
  "502 after storing": hasBody,
  "429": request,
  "429 with Retry-After": request,
  "slow answer": request,
  "no answer": request,
  "truncated answer": reads,
  "stale listing": lists,
}

/** Whether the files of a project are asked for. */
export function isListing({ method, url }: IncomingMessage): boolean {
  return method === "GET" && /\/\+?simple\/[^/]+\/$/.test(url ?? "")
}

export const faultKinds = Object.keys(FAULTS) as FaultKind[]

/** Those of the given kinds that can hit a request, or a connection. */
export function possible(
  kinds: FaultKind[],
  request?: IncomingMessage,
): FaultKind[] {
  return kinds.filter((kind) => FAULTS[kind](request))
}
