import type { IncomingMessage, ServerResponse } from "node:http"

/** What a route gives; exactly one of the bodies, or none. */
export interface Answer {
  status: number
  /** The words after the status; HTTP/1.1 has room for a refusal's. */
  reason?: string
  headers?: Record<string, string>
  json?: object
  text?: string
}

/** A refusal, as the index's framework words one. */
export interface Refusal {
  status: number
  reason: string
}

const TITLES: Record<number, [string, string]> = {
  400: [
    "Bad Request",
    "The server could not comply with the request since it is either malformed or otherwise incorrect.",
  ],
  403: ["Forbidden", "Access was denied to this resource."],
  429: ["Too Many Requests", "The action could not be performed."],
}

/** The refusal in the form that was asked for; the status line has it too. */
export function refused(
  { status, reason }: Refusal,
  request: IncomingMessage,
): Answer {
  const [title, why] = TITLES[status] ?? ["Error", ""]
  const message = `${why}\n\n\n${reason}\n\n`
  const code = `${status} ${reason}`
  return request.headers.accept?.includes("application/json")
    ? { status, reason, json: { message, code, title } }
    : {
        status,
        reason,
        headers: { "content-type": "text/html; charset=UTF-8" },
        text: `<html>\n <head>\n  <title>${code}</title>\n </head>\n <body>\n  <h1>${code}</h1>\n  ${why}<br/><br/>\n${reason}\n\n </body>\n</html>`,
      }
}

export function sendAnswer(
  response: ServerResponse,
  { status, reason, headers = {}, json, text }: Answer,
): void {
  if (json !== undefined) response.setHeader("content-type", "application/json")
  for (const [name, value] of Object.entries(headers))
    response.setHeader(name, value)
  const body = json === undefined ? (text ?? "") : JSON.stringify(json)
  response.setHeader("content-length", Buffer.byteLength(body))
  // A status line is one line of Latin letters.
  const line = reason?.replace(/[^\x20-\x7e]+/g, " ")
  if (line === undefined) response.writeHead(status)
  else response.writeHead(status, line)
  response.end(body)
}
