import type { Container } from "@dagger.io/dagger"
import { BACKEND_PYTHON, backendContainer } from "./backend.js"
import { SOURCE, withEnvironment, withTools } from "./container.js"
import type { DistFolder } from "./dist.js"
import { MANIFEST_SCHEMA, type Manifest } from "./manifest.js"
import { type Environment, provider } from "./provider.js"
import { type Source, withSource } from "./source.js"
import { ask } from "./tool.js"
import { versionOf } from "./version.js"

const OUT = "/dist"

/** How to build. */
export interface BuildOptions {
  python: string
  /** Whether the version keeps its local part. */
  local: boolean
}

/** What the manifest says and the build itself cannot know. */
type About = Omit<Manifest, "version" | "tools" | "files">

/** The container in which a project's backend runs, told the version. */
async function buildContainer(
  source: Source,
  { python, local }: BuildOptions,
): Promise<{
  container: Container
  about: About
}> {
  const { project, commit } = source
  const { environment, buildEnvironment } = provider(project.provider)
  const facts: Environment =
    buildEnvironment?.(await versionOf(source, python, local)) ??
    environment({ project, commit, local })
  const { container, pins } = await backendContainer(project, python)
  return {
    container: container
      .with(withEnvironment(facts))
      .with(withTools("build.py", "hooks.py", "normalise.py"))
      .with(withSource(source)),
    about: {
      schema: MANIFEST_SCHEMA,
      project: project.name,
      commit: commit.commit,
      edited: commit.edited,
      python,
      unpinned: pins.unpinned,
    },
  }
}

/** Builds the sdist, and the wheel from that sdist (tools/build.py). */
export async function buildDist(
  source: Source,
  options: BuildOptions,
): Promise<DistFolder> {
  const { project, path, commit } = source
  const { container, about } = await buildContainer(source, options)
  const { backend, backendPath } = project.build
  const command = [
    ...["python", "/tools/build.py", "--out", OUT],
    ...["--root", SOURCE, "--path", path, "--time", String(commit.time)],
    ...["--python", BACKEND_PYTHON, "--backend", backend],
    ...backendPath.flatMap((folder) => ["--backend-path", folder]),
    ...["--about", JSON.stringify(about)],
  ]
  const manifest = await ask<Manifest>(container, "The build", command)
  return { directory: container.withExec(command).directory(OUT), manifest }
}
