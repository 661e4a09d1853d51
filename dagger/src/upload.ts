import { randomUUID } from "node:crypto"
import {
  type Container,
  type Directory,
  dag,
  type Secret,
  type Service,
} from "@dagger.io/dagger"
import { base, withLocked, withTools } from "./container.js"
import type { Target } from "./target.js"
import { ask } from "./tool.js"

/** An index, and how this call reaches it. */
export interface Reach {
  target: Target
  /** The server behind the URL's host name, where it is none of the world's. */
  service?: Service
  username: string
  token?: Secret
}

/** The token of a rehearsal's index: new for each call, and for its own use. */
export function rehearsalToken(): Secret {
  // Engines cache secrets by name.
  return dag.setSecret(`rehearsal-${randomUUID()}`, randomUUID())
}

/** A real index, empty, for the length of this call. */
export function rehearsalIndex(port: number, token: Secret): Service {
  return base()
    .with(withLocked("index"))
    .with(withTools("serve.py"))
    .withSecretVariable("INDEX_PASSWORD", token)
    .withExposedPort(port)
    .asService({
      args: ["/opt/index/bin/python", "/tools/serve.py", String(port)],
    })
}

/**
 * The time, so that the command runs: what a server holds is not in the key
 * of any cache, and a token is the same as the last time.
 */
export function withAskedAt(container: Container): Container {
  return container.withEnvVariable(
    "PYPI_DEPLOY_ASKED_AT",
    `${new Date().toISOString()} ${Math.random()}`,
  )
}

/** Lets a container talk to the index, now. */
export function withIndex({ target, service, username, token }: Reach) {
  return (container: Container): Container => {
    const host = new URL(target.upload).hostname
    const bound = service
      ? container.withServiceBinding(host, service)
      : container
    const asked = bound.with(withAskedAt)
    return token
      ? asked
          .withEnvVariable("INDEX_USERNAME", username)
          .withSecretVariable("INDEX_PASSWORD", token)
      : asked
  }
}

/** What tools/upload.py prints. */
export interface Uploads {
  /** The simple API's URL, found or given. */
  simple: string
  files: {
    name: string
    outcome: "uploaded" | "already there"
    seconds: number
  }[]
}

/** Uploads files to an index, wheels first; see tools/upload.py. */
export function uploadFiles(
  reach: Reach,
  dist: Directory,
  project: string,
  names: string[],
): Promise<Uploads> {
  const container = base()
    .with(withLocked("release"))
    .with(withTools("upload.py", "send.py", "index.py"))
    .withMountedDirectory("/dist", dist)
    .with(withIndex(reach))
  const { upload, simple } = reach.target
  return ask<Uploads>(container, "The upload", [
    ...["/opt/release/bin/python", "/tools/upload.py"],
    ...["--url", upload, "--simple", simple, "--name", project],
    ...names.map((name) => `/dist/${name}`),
  ])
}
