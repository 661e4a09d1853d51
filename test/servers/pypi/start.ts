import { mkdtempSync } from "node:fs"
import type { RequestListener } from "node:http"
import { createServer } from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Publisher } from "../../../dagger/src/claims.js"
import { freePort } from "../server.js"
import { type Authority, makeAuthority } from "./certificate.js"
import {
  addProject,
  changed,
  type Holdings,
  normalised,
  type PendingPublisher,
  type Project,
} from "./holdings.js"
import { type Issuer, makeIssuer } from "./issuer.js"
import { route, type World } from "./routes.js"
import { defaultSwitches, type Switches } from "./switches.js"
import { makeTokens, type Tokens } from "./tokens.js"

/** The host name that the certificate is for, besides this machine's. */
export const HOST = "index"

/** An index that behaves as PyPI does, in this process. */
export interface Pypi {
  /** `https://127.0.0.1:PORT` */
  url: string
  port: number
  authority: Authority
  issuer: Issuer
  holdings: Holdings
  switches: Switches
  tokens: Tokens
  /** Every request, `METHOD PATH STATUS`; `-` where it was not answered. */
  log: string[]
  /** Adds to the clock, in seconds. */
  later(seconds: number): void
  /** A token of a user, for some projects or all. */
  token(user?: string, projects?: string[]): string
  /** A project that is there already. */
  project(name: string, owner?: string): Project
  /** Registers a publisher with a project; makes the project where needed. */
  register(name: string, publisher: Publisher): void
  /** Registers one for a project that is not there yet. */
  registerPending(pending: PendingPublisher): void
  yank(name: string, version: string, reason?: string): void
  quarantine(name: string, version: string): void
  /** Deletes a file; its name stays taken. */
  remove(name: string, version: string, file: string): void
  stop(): Promise<void>
}

export interface PypiOptions {
  /** Default: a new one. */
  authority?: Authority
  audience?: string
}

/** Starts one on a free port, with nothing in it. */
export async function startPypi(options: PypiOptions = {}): Promise<Pypi> {
  const { authority = makeAuthority(), audience = "pypi" } = options
  const port = await freePort()
  let ahead = 0
  const now = () => Date.now() + ahead * 1000
  const tokens = makeTokens(now)
  const issuer = await makeIssuer(`https://${HOST}:${port}/actions`)
  const holdings: Holdings = { serial: 0, projects: new Map(), pending: [] }
  const switches = defaultSwitches()
  const folder = mkdtempSync(join(tmpdir(), "pypi-"))
  const log: string[] = []
  const world: World = {
    ...{ holdings, issuer, tokens, audience, switches, folder, now },
    used: new Set(),
  }
  const listener: RequestListener = (request, response) => {
    response.once("close", () => {
      const status = response.writableFinished ? response.statusCode : "-"
      log.push(`${request.method} ${request.url} ${status}`)
    })
    route(world, request, response).catch(() => response.destroy())
  }
  const certificate = authority.issue([HOST, "localhost", "127.0.0.1"])
  const server = createServer({ ...certificate, keepAlive: true }, listener)
  // An upload may take its time.
  server.requestTimeout = 0
  await new Promise<void>((resolve) =>
    server.listen(port, "127.0.0.1", resolve),
  )

  const there = (name: string, version: string) => {
    const project = holdings.projects.get(normalised(name))
    const release = project?.releases.get(version)
    if (project === undefined || release === undefined)
      throw new Error(`There is no ${name} ${version} on the index.`)
    changed(holdings, project)
    return { project, release }
  }
  const project = (name: string, owner = "uploader") =>
    holdings.projects.get(normalised(name)) ?? addProject(holdings, name, owner)

  return {
    ...{ url: `https://127.0.0.1:${port}`, port, authority, issuer },
    ...{ holdings, switches, tokens, log, project },
    later: (seconds) => {
      ahead += seconds
    },
    token: (user = "uploader", projects) =>
      tokens.issue({ user, projects: projects?.map(normalised) ?? null }),
    register: (name, publisher) => {
      project(name).publishers.push(publisher)
    },
    registerPending: (pending) => {
      holdings.pending.push(pending)
    },
    yank: (name, version, reason = "") => {
      there(name, version).release.yanked = reason
    },
    quarantine: (name, version) => {
      there(name, version).release.quarantined = true
    },
    remove: (name, version, file) => {
      const { project, release } = there(name, version)
      release.files.delete(file)
      project.deleted.add(file)
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
