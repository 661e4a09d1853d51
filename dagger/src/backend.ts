import { type Container, dag } from "@dagger.io/dagger"
import { base } from "./container.js"
import { type Pins, pinsFor } from "./lock.js"
import type { Project } from "./project.js"
import { explained } from "./tool.js"

/** The interpreter that has a project's build requirements. */
export const BACKEND_PYTHON = "/opt/backend/bin/python"

/** The versions and hashes of what the lock pins, for `uv pip install`. */
export const CONSTRAINTS = "/opt/constraints.txt"

/** The container that a project builds in, and what is in it. */
export interface BackendContainer {
  container: Container
  pins: Pins
}

/**
 * A container with a project's build requirements, and nothing else in its
 * environment (a second version provider beside the project's takes over).
 * It depends on the requirements only, so every commit finds it in the cache.
 */
export async function backendContainer(
  project: Project,
  python: string,
): Promise<BackendContainer> {
  const lock = dag.currentModule().source().file("tools/uv.lock")
  const { requires } = project.build
  const pins = pinsFor(await lock.contents(), requires, python)
  const install = ["uv", "pip", "install", "--python", BACKEND_PYTHON]
  const container = base(python)
    .withEnvVariable("UV_LINK_MODE", "copy")
    .withNewFile(CONSTRAINTS, pins.constraints)
    .withExec(["uv", "venv", "--no-project", "/opt/backend"])
    .withExec([
      ...install,
      ...["--constraint", CONSTRAINTS, "--compile-bytecode"],
      ...requires,
    ])
    .withoutEnvVariable("UV_LINK_MODE")
  // What sync gives is a short reference; the chain holds the whole lock.
  const ready = container.sync()
  const what = "Installing the build requirements"
  return { container: await explained(what, ready), pins }
}
