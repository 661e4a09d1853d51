import { mkdir } from "node:fs/promises"
import path from "node:path"
import { type Engine, once } from "../engine.js"
import { findRecord, keepRecord } from "../store/records.js"
import { forceRemove } from "../store/remove.js"
import { keepLayer, workFolder } from "../store/store.js"
import { digestOf } from "../values/digest.js"
import { applyEdit, type Edit, editParts } from "./edits.js"
import type { Filesystem } from "./filesystem.js"

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
   * Makes every change since the last file system that is there in one layer:
   * a chain of ten files is one layer, not ten.
   */
  private async make(): Promise<string[]> {
    const edits = [this.edit]
    let base = this.parent
    while (base instanceof Edited && !(await base.isMade())) {
      edits.unshift(base.edit)
      base = base.parent
    }
    const lower = await base.layers()
    const layers = [await editLayer(this.engine, lower, edits), ...lower]
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

async function editLayer(
  engine: Engine,
  lower: readonly string[],
  edits: readonly Edit[],
): Promise<string> {
  const folder = await workFolder(engine.store)
  const fs = path.join(folder, "fs")
  await mkdir(fs, { mode: 0o755 })
  if (lower.length === 0) {
    for (const edit of edits) {
      await applyEdit(engine, edit, fs, true)
    }
    return keepLayer(engine.store, folder)
  }
  await mkdir(path.join(folder, "work"))
  const view = await engine.views.write(lower, folder)
  try {
    for (const edit of edits) {
      await applyEdit(engine, edit, view.root, false)
    }
  } finally {
    await view.close()
  }
  await dropWork(folder)
  return keepLayer(engine.store, folder)
}

/** Removes the folder that overlayfs worked in; it is of no use later. */
export async function dropWork(folder: string): Promise<void> {
  await forceRemove(path.join(folder, "work"))
}
