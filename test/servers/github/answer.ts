/** What the server answers. */
export interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

const DOCS = "https://docs.github.com/rest"

export function json(status: number, body: unknown, headers = {}): Answer {
  return { status, body, headers }
}

export const notFound = () =>
  json(404, { message: "Not Found", documentation_url: DOCS, status: "404" })

/** 422, with the errors that the documentation of REST's errors lists. */
export function invalid(...errors: Record<string, string>[]): Answer {
  const message = "Validation Failed"
  return json(422, { message, errors, documentation_url: DOCS, status: "422" })
}

export const alreadyExists = (resource: string, field: string) =>
  invalid({ resource, code: "already_exists", field })

export const badCredentials = () =>
  json(401, { message: "Bad credentials", documentation_url: DOCS })

const reset = (seconds: number) =>
  String(Math.ceil(Date.now() / 1000 + seconds))

/** The limit of requests in an hour is used up. */
export function primaryLimit(seconds: number): Answer {
  return json(
    403,
    { message: "API rate limit exceeded for user ID 1.", status: "403" },
    {
      "x-ratelimit-limit": "5000",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": reset(seconds),
    },
  )
}

/** Too much at once. */
export function secondaryLimit(seconds: number): Answer {
  const message =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
  return json(403, { message }, { "retry-after": String(seconds) })
}
