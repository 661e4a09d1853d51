import type { Container, Directory } from "@dagger.io/dagger"
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
  tools: string[] = [],
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
      .with(withTools("build.py", "hooks.py", "normalise.py", ...tools))
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

/** The arguments of tools/build.py. */
function buildArguments({ project, path, commit }: Source, about: About) {
  const { backend, backendPath } = project.build
  return [
    ...["--out", OUT, "--root", SOURCE, "--path", path],
    ...["--time", String(commit.time)],
    ...["--python", BACKEND_PYTHON, "--backend", backend],
    ...backendPath.flatMap((folder) => ["--backend-path", folder]),
    ...["--about", JSON.stringify(about)],
  ]
}

/** Builds the sdist, and the wheel from that sdist (tools/build.py). */
export async function buildDist(
  source: Source,
  options: BuildOptions,
): Promise<DistFolder> {
  const { container, about } = await buildContainer(source, options)
  const command = ["python", "/tools/build.py"]
  command.push(...buildArguments(source, about))
  const manifest = await ask<Manifest>(container, "The build", command)
  return { directory: container.withExec(command).directory(OUT), manifest }
}

/** How a second build compares, as tools/rebuild.py prints it. */
export interface Rebuilt {
  problems: string[]
  compared: string[]
}

/**
 * Builds a source a second time, in another folder, under another umask, and
 * compares the bytes with those of the first (tools/rebuild.py).
 */
export async function rebuildDist(
  source: Source,
  dist: Directory,
  options: BuildOptions,
): Promise<Rebuilt> {
  const tools = ["rebuild.py", "archives.py"]
  const { container, about } = await buildContainer(source, options, tools)
  return ask<Rebuilt>(
    container.withMountedDirectory("/built", dist),
    "The second build",
    [
      ...["python", "/tools/rebuild.py", "--built", "/built", "--"],
      ...buildArguments(source, about),
    ],
  )
}
