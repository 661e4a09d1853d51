import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Container, connection, dag } from "@dagger.io/dagger"
import { afterAll } from "vitest"

import {
  type ProgressEvent,
  type Session,
  type SessionOptions,
  startSession,
} from "../../../engine/session.js"
import { uvPath } from "../../servers/uv.js"
import { isolation } from "../place.js"

export const IMAGE = "ghcr.io/astral-sh/uv:0.13.8-python3.11-bookworm"

/** A folder that is removed when the tests of the file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "engine-test-"))
  afterAll(() => {
    for (const one of [folder, placeOf(folder)]) {
      rmSync(one, { recursive: true, force: true })
    }
  })
  return folder
}

/** Where a store given to an engine is: each isolation has its own. */
export function placeOf(store: string): string {
  return isolation === "folder" ? `${store}-folder` : store
}

/** An engine for one test, and what it told. */
export interface TestEngine {
  session: Session
  events: ProgressEvent[]
  /** The commands that ran, and were not taken from the cache. */
  ran(): string[]
}

/**
 * Calls `use` with the unmodified SDK connected to an engine of its own.
 * Engines of one test file never overlap: the SDK has one connection.
 */
export async function withEngine(
  options: Partial<SessionOptions> & { store: string },
  use: (engine: TestEngine) => Promise<void>,
): Promise<ProgressEvent[]> {
  const events: ProgressEvent[] = []
  const session = await startSession({
    uv: uvPath(),
    progress: (event) => events.push(event),
    warn: () => {},
    ...options,
  })
  process.env.DAGGER_SESSION_PORT = String(session.port)
  process.env.DAGGER_SESSION_TOKEN = session.token
  const ran = () =>
    events.filter(({ state }) => state === "started").map(({ name }) => name)
  try {
    await connection(() => use({ session, events, ran }))
  } finally {
    await session.close()
  }
  return events
}

export function python(): Container {
  return dag.container().from(IMAGE)
}

/** A shell command in the base image. */
export function shell(script: string, container = python()): Container {
  return container.withExec(["sh", "-c", script])
}
