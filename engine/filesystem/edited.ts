import path from "node:path"
import { type Engine, once } from "../engine.js"
import { findRecord, keepRecord } from "../store/records.js"
import { keepLayer, workFolder } from "../store/store.js"
import { digestOf } from "../values/digest.js"
import { applyEdit, type Edit, editParts } from "./edits.js"
import type { Filesystem } from "./filesystem.js"
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
