import { type MigrationCase, migrationProject } from "../fixtures/migrations.js"
import type { Repository } from "../fixtures/repository.js"
import type { TestsCompared } from "./outcomes.js"
import { compareTests } from "./tests.js"
import {
  commitAt,
  differingFields,
  differingFiles,
  migratedWheel,
  originalWheel,
} from "./wheels.js"

/** A call that must succeed, as its stdout. */
export type Succeed = (args: string[]) => Promise<string>

/** The report of `migration --format=json`, as far as it is looked at. */
export interface Report {
  from: string | null
  compared: { wheel: number; sdist: number }
  changed: string[]
  deleted: string[]
  differences: { id: string; items: string[] }[]
  notes: string[]
  tag: string | null
}

/** A migration that was tried: what it gave, and what it left to explain. */
export interface Proof {
  report: Report
  repository: Repository
  /** Of the call, in seconds. */
  seconds: number
  /** Differences of the wheels that the report does not list. */
  unlisted: string[]
  /** null where the sdist has no tests. */
  tests: TestsCompared | null
}

/** What the report lists for the wheel: names of files and fields. */
function listed({ differences }: Report): Set<string> {
  const items = differences.flatMap((difference) => difference.items)
  const names = items.flatMap((item) => {
    const [, name] = /^wheel: (.*?)(?: \(\w+\))?$/.exec(item) ?? []
    return name === undefined ? [] : [name]
  })
  return new Set(names.flatMap((name) => [name, name.toLowerCase()]))
}

/**
 * Migrates a project for real, and compares its wheel with the one that its
 * own backend makes: files by content, fields line by line, tests by id.
 */
export async function prove(
  name: string,
  row: MigrationCase,
  succeed: Succeed,
): Promise<Proof> {
  const original = await migrationProject(name)
  const repository = await migrationProject(name)
  const source = `--source=${repository.path}`
  const start = performance.now()
  const text = await succeed(["migration", source, "--format=json"])
  const seconds = (performance.now() - start) / 1000
  const report = JSON.parse(text) as Report
  const target = `--path=${repository.path}`
  await succeed(["migrate", source, "export", target])
  commitAt(repository, row.tag)
  const before = await originalWheel(original.path)
  const after = await migratedWheel(repository.path, succeed)
  const known = listed(report)
  const found = [
    ...(await differingFiles(before, after)),
    ...(await differingFields(before, after)),
  ]
  return {
    ...{ report, repository, seconds },
    unlisted: found.filter((item) => !known.has(item)),
    tests: row.untested
      ? null
      : await compareTests(
          name,
          { source: original.path, wheel: before },
          { source: repository.path, wheel: after },
          succeed,
          row,
        ),
  }
}
