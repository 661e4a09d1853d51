import path from "node:path"
import type { Engine } from "../engine.js"
import {
  applyChanges,
  type Changes,
  compareFolders,
} from "../filesystem/changes.js"
import { derived } from "../filesystem/derived.js"
import { inFolder } from "../filesystem/look.js"
import { makeFolders } from "../filesystem/place.js"
import { digestOf } from "../values/digest.js"
import { type Changeset, valueDigest } from "../values/values.js"
import { node, type Resolvers } from "./api.js"
import { difference } from "./directory.js"
import { writePatch } from "./patch.js"

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
    path: "/diff.patch",
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
