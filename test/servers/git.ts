import { execFileSync, spawn } from "node:child_process"
import { join } from "node:path"
import { buffer } from "node:stream/consumers"

import { type Listening, listen } from "./listen.js"

/** The CGI program that comes with git. */
export const HTTP_BACKEND = join(
  execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(),
  "git-http-backend",
)

/**
 * Git's own server, for the repositories in a folder. For those whose name
 * begins with `private` it asks for a password, and takes none.
 */
export function startGit(folder: string): Promise<Listening> {
  return listen(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://git")
    if (pathname.startsWith("/private")) {
      response.writeHead(401, { "www-authenticate": "Basic" }).end()
      return
    }
    const { headers } = request
    const program = spawn(HTTP_BACKEND, {
      stdio: ["pipe", "pipe", "ignore"],
      env: {
        ...{ PATH: process.env.PATH, GIT_CONFIG_COUNT: "1" },
        ...{ GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" },
        ...{ GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: "1" },
        ...{ PATH_INFO: pathname, QUERY_STRING: search.slice(1) },
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: headers["content-type"],
        HTTP_CONTENT_ENCODING: headers["content-encoding"],
        GIT_PROTOCOL: String(headers["git-protocol"] ?? ""),
      },
    })
    request.pipe(program.stdin)
    const answer = await buffer(program.stdout)
    const end = answer.indexOf("\r\n\r\n")
    for (const line of answer.subarray(0, end).toString().split("\r\n")) {
      const [name = "", value = ""] = line.split(/: (.*)/)
      if (name === "Status") response.statusCode = Number.parseInt(value, 10)
      else response.setHeader(name, value)
    }
    response.end(answer.subarray(end + 4))
  })
}
