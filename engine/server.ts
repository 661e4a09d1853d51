import { timingSafeEqual } from "node:crypto"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import type { ExecutionResult } from "graphql"
import { EngineError } from "./errors.js"

/** A server that answers queries on the loopback interface. */
export interface Server {
  port: number
  close(): Promise<void>
}

type Query = (document: string) => Promise<ExecutionResult>

/**
 * Listens on a free port of 127.0.0.1. Only those who know a token are
 * answered: other users of this machine can reach the port too.
 *
 * @param guests Who may ask, by token, and what answers them.
 */
export function listen(guests: Record<string, Query>): Promise<Server> {
  const known = Object.entries(guests).map(([token, query]) => ({
    authorization: `Basic ${Buffer.from(`${token}:`).toString("base64")}`,
    query,
  }))
  const server = createServer(async (request, response) => {
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" })
      response.end(JSON.stringify(body))
    }
    const given = request.headers.authorization ?? ""
    const guest = known.find((one) => sameText(given, one.authorization))
    if (!guest) {
      reply(401, failure("The session's token is missing or wrong."))
    } else if (request.method !== "POST" || request.url !== "/query") {
      reply(404, failure("Only POST /query is answered here."))
    } else {
      const document = await readDocument(request)
      if (document === undefined) {
        reply(400, failure('The body is no JSON with a "query".'))
      } else {
        reply(200, await guest.query(document))
      }
    }
  })
  // A query may take as long as a build does.
  server.requestTimeout = 0
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new EngineError(`The session cannot listen: ${error.message}.`)),
    )
    server.listen(0, "127.0.0.1", () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          }),
      })
    })
  })
}

function failure(message: string) {
  return { errors: [{ message }] }
}

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

async function readDocument(
  request: IncomingMessage,
): Promise<string | undefined> {
  const chunks: Buffer[] = []
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
  }
  try {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as {
      query?: unknown
    }
    return typeof body.query === "string" ? body.query : undefined
  } catch {
    return undefined
  }
}
