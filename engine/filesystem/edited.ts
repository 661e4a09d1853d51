import path from "node:path"
import { type Engine, once } from "../engine.js"
import { findRecord, keepRecord } from "../store/records.js"
import { keepLayer, workFolder } from "../store/store.js"
import { digestOf } from "../values/digest.js"
import { applyEdit, type Edit, editParts } from "./edits.js"
import type { Filesystem } from "./filesystem.js"
import { fillFresh, freshAncestors } from "./fresh.js"
import { dropWork, makeUpper } from "./upper.js"

/** A file system that is another with a change made to it. */
class Edited implements Filesystem {
  readonly digest: string

  constructor(
    private readonly engine: Engine,
    readonly parent: Filesystem,
    readonly edit: Edit,
  ) {
    this.digest = digestOf("edit", parent.digest, editParts(edit))
  }

  layers(): Promise<string[]> {
    return once(this.engine, `layers ${this.digest}`, async () => {
      return (await this.known()) ?? this.make()
    })
  }

  /** The layers if they were made before. */
  private async known(): Promise<string[] | undefined> {
    const record = await findRecord(this.engine.store, this.digest)
    return record?.layers.filter((id) => id !== null)
  }

  /**
   * Makes every change since the last file system that is there: a chain of
   * ten files is one layer, not ten.
   */
  private async make(): Promise<string[]> {
    const edits = [this.edit]
    let base = this.parent
    while (base instanceof Edited && !(await base.isMade())) {
      edits.unshift(base.edit)
      base = base.parent
    }
    const layers = await addLayers(this.engine, await base.layers(), edits)
    await keepRecord(this.engine.store, this.digest, { layers })
    return layers
  }

  private async isMade(): Promise<boolean> {
    return (
      this.engine.memory.has(`layers ${this.digest}`) ||
      (await this.known()) !== undefined
    )
  }
}

/** The file system with one more change. Nothing is done yet. */
export function withEdit(
  engine: Engine,
  filesystem: Filesystem,
  edit: Edit,
): Filesystem {
  return new Edited(engine, filesystem, edit)
}

/**
 * Makes changes, in as few layers as there can be.
 *
 * @returns all layers, top first
 */
async function addLayers(
  engine: Engine,
  lower: readonly string[],
  edits: readonly Edit[],
): Promise<string[]> {
  let layers = [...lower]
  let waiting: Edit[] = []
  const flush = async () => {
    if (waiting.length > 0) {
      layers = [await editLayer(engine, layers, waiting), ...layers]
      waiting = []
    }
  }
  for (const edit of edits) {
    if (edit.kind === "copyFolder" && layers.length > 0) {
      await flush()
      const layer = await freshLayer(engine, layers, edit)
      if (layer !== undefined) {
        layers = [layer, ...layers]
        continue
      }
    }
    waiting.push(edit)
  }
  await flush()
  return layers
}

/** A copied folder as a layer of its own, where nothing is in its way. */
async function freshLayer(
  engine: Engine,
  lower: readonly string[],
  edit: Edit,
): Promise<string | undefined> {
  const ancestors = freshAncestors(engine.store, lower, edit.path)
  if (ancestors === undefined) {
    return undefined
  }
  const folder = await workFolder(engine.store)
  makeUpper(engine.store, lower, folder)
  const root = path.join(folder, "fs")
  await fillFresh(root, edit.path, ancestors, () =>
    applyEdit(engine, edit, root, true),
  )
  await dropWork(folder)
  return keepLayer(engine.store, folder)
}

async function editLayer(
  engine: Engine,
  lower: readonly string[],
  edits: readonly Edit[],
): Promise<string> {
  const folder = await workFolder(engine.store)
  makeUpper(engine.store, lower, folder)
  if (lower.length === 0) {
    await applyEdits(engine, edits, path.join(folder, "fs"), true)
  } else {
    const view = await engine.views.write(lower, folder)
    try {
      await applyEdits(engine, edits, view.root, false)
    } finally {
      await view.close()
    }
  }
  await dropWork(folder)
  return keepLayer(engine.store, folder)
}

async function applyEdits(
  engine: Engine,
  edits: readonly Edit[],
  root: string,
  link: boolean,
): Promise<void> {
  for (const edit of edits) {
    await applyEdit(engine, edit, root, link)
  }
}
