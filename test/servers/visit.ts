import { type IncomingHttpHeaders, request as plain } from "node:http"
import { type RequestOptions, request as secure } from "node:https"

/** What a server said. */
export interface Visit {
  status: number
  /** The words after the status. */
  reason: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface VisitOptions extends RequestOptions {
  body?: FormData | string
}

/** One request, on a connection of its own; `fetch` takes no authority. */
export async function visit(
  url: string,
  { body, ...options }: VisitOptions = {},
): Promise<Visit> {
  const coded = body === undefined ? undefined : new Response(body)
  const type = coded?.headers.get("content-type") ?? ""
  const bytes = coded && Buffer.from(await coded.arrayBuffer())
  const headers = {
    ...(bytes && { "content-type": type, "content-length": bytes.length }),
    ...(options.headers as Record<string, string>),
  }
  const request = url.startsWith("https:") ? secure : plain
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { agent: false, ...options, headers },
      (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.once("error", reject)
        response.once("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? "",
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        )
      },
    )
    asked.once("error", reject)
    asked.end(bytes)
  })
}
