import { execFile } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import type { Engine } from "../engine.js"
import {
  applyChanges,
  type Changes,
  compareFolders,
  copyChanged,
} from "../filesystem/changes.js"
import { derived } from "../filesystem/derived.js"
import { inFolder } from "../filesystem/look.js"
import { makeFolders } from "../filesystem/place.js"
import { workFolder } from "../store/store.js"
import { digestOf } from "../values/digest.js"
import { type Changeset, valueDigest } from "../values/values.js"
import { node, type Resolvers } from "./api.js"
import { difference } from "./directory.js"

const run = promisify(execFile)

/** Every field of Changeset. */
export const changeset: Resolvers<Changeset> = {
  ...node(),
  before: ({ before }) => before,
  after: ({ after }) => after,
  addedPaths: async (value, _: never, { engine }) =>
    (await changesOf(engine, value)).added,
  modifiedPaths: async (value, _: never, { engine }) =>
    (await changesOf(engine, value)).modified,
  removedPaths: async (value, _: never, { engine }) =>
    (await changesOf(engine, value)).removed,
  async isEmpty(value, _: never, { engine }) {
    const { added, modified, removed } = await changesOf(engine, value)
    return added.length + modified.length + removed.length === 0
  },
  layer: ({ before, after }, _: never, { engine }) =>
    difference(engine, before, after),
  asPatch: (value, _: never, { engine }) => ({
    type: "File",
    filesystem: derived(
      engine,
      digestOf("asPatch", valueDigest(value)),
      (folder) => writePatch(engine, value, folder),
    ),
    path: "/changes.patch",
  }),
  async sync(value, _: never, { engine, ids }) {
    await changesOf(engine, value)
    return ids.of(value)
  },
  async export({ before, after }, args: { path: string }, { engine }) {
    const target = path.resolve(engine.workdir, args.path)
    makeFolders(target)
    await inFolder(engine, before, (old) =>
      inFolder(engine, after, (now) => applyChanges(old, now, target)),
    )
    return target
  },
}

function changesOf(
  engine: Engine,
  { before, after }: Changeset,
): Promise<Changes> {
  return inFolder(engine, before, (old) =>
    inFolder(engine, after, (now) => compareFolders(old, now)),
  )
}

/** The changes as git writes them, without what the user's settings change. */
async function writePatch(
  engine: Engine,
  { before, after }: Changeset,
  folder: string,
): Promise<void> {
  const work = await workFolder(engine.store)
  const sides = { a: path.join(work, "a"), b: path.join(work, "b") }
  await inFolder(engine, before, (old) =>
    inFolder(engine, after, async (now) => {
      mkdirSync(sides.a)
      mkdirSync(sides.b)
      await copyChanged(now, old, sides.a)
      await copyChanged(old, now, sides.b)
    }),
  )
  const patch = await run(
    "git",
    ["diff", "--no-index", "--no-prefix", "--binary", "--no-color", "a", "b"],
    {
      cwd: work,
      env: {
        PATH: engine.environment.PATH,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CONFIG_NOSYSTEM: "1",
      },
      encoding: "buffer",
      maxBuffer: 1024 * 1024 * 1024,
    },
  ).catch((error: { code?: unknown; stdout: Buffer }) => {
    // git says by 1 that there are differences.
    if (error.code === 1) {
      return error
    }
    throw error
  })
  writeFileSync(path.join(folder, "changes.patch"), patch.stdout)
}
