import type { Container, Directory } from "@dagger.io/dagger"
import { eq } from "@renovatebot/pep440"
import { BACKEND_PYTHON, backendContainer } from "./backend.js"
import { SOURCE, withEnvironment, withTools } from "./container.js"
import type { DistFolder } from "./dist.js"
import { MANIFEST_SCHEMA, type Manifest } from "./manifest.js"
import { publicVersion } from "./next.js"
import { provider } from "./provider.js"
import { type Source, withSource } from "./source.js"
import { ask } from "./tool.js"
import { countedVersion } from "./version.js"

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
  told: string
  about: About
}> {
  const { project, commit } = source
  const counted = await countedVersion(source, python)
  const told = local ? counted.version : publicVersion(counted.version)
  const { distance } = counted
  const { environment } = provider(project.provider)
  const facts = environment({ project, commit, version: told, distance })
  const { container, pins } = await backendContainer(project, python)
  return {
    container: container
      .with(withEnvironment(facts))
      .with(withTools("build.py", "hooks.py", "normalise.py", ...tools))
      .with(withSource(source)),
    told,
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

/**
 * Compares what a backend made with what it was told: where setuptools-scm is
 * required and not switched on, setuptools makes 0.0.0 of any commit.
 */
export function checkVersion(told: string, built: string): void {
  if (eq(told, built)) return
  throw new Error(
    `The build made ${built}, where ${told} was told. Let its backend take the version from setuptools-scm: \`dynamic = ["version"]\` in [project], and a table [tool.setuptools_scm] (or [tool.hatch.version] with source = "vcs") in pyproject.toml.`,
  )
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

/** Builds a source as its backend does, whatever the version it makes. */
export async function runBuild(
  source: Source,
  options: BuildOptions,
): Promise<{ dist: DistFolder; told: string }> {
  const { container, told, about } = await buildContainer(source, options)
  const command = ["python", "/tools/build.py"]
  command.push(...buildArguments(source, about))
  const manifest = await ask<Manifest>(container, "The build", command)
  const directory = container.withExec(command).directory(OUT)
  return { dist: { directory, manifest }, told }
}

/** Builds the sdist, and the wheel from that sdist (tools/build.py). */
export async function buildDist(
  source: Source,
  options: BuildOptions,
): Promise<DistFolder> {
  const { dist, told } = await runBuild(source, options)
  checkVersion(told, dist.manifest.version)
  return dist
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
