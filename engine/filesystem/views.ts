import { mkdir } from "node:fs/promises"
import path from "node:path"
import type { Isolation, View } from "../isolation/isolation.js"
import { layerPath, type Store, workFolder } from "../store/store.js"

const KEEP_FOR = 300

interface Shared {
  view: Promise<View>
  users: number
  timer?: NodeJS.Timeout
}

/**
 * Stacks of layers as folders that this process can read. A single layer is
 * one already; several are put together by the kernel, and stay so for a
 * moment after the last use.
 */
export class Views {
  private readonly shared = new Map<string, Shared>()

  constructor(
    private readonly store: Store,
    private readonly isolation: Isolation,
  ) {}

  /** Calls `use` with the folder that shows these layers, top first. */
  async read<T>(
    layers: readonly string[],
    use: (root: string) => T | Promise<T>,
  ): Promise<T> {
    const [only] = layers
    if (only !== undefined && layers.length === 1) {
      return use(layerPath(this.store, only))
    }
    const key = layers.join(":")
    const entry = this.open(key, layers)
    entry.users++
    clearTimeout(entry.timer)
    try {
      return await use((await entry.view).root)
    } finally {
      entry.users--
      if (entry.users === 0) {
        entry.timer = setTimeout(() => this.drop(key, entry), KEEP_FOR)
        entry.timer.unref()
      }
    }
  }

  /** A folder that shows these layers and takes changes, which `upper` gets. */
  async write(layers: readonly string[], upper: string): Promise<View> {
    return this.make(layers, upper)
  }

  async close(): Promise<void> {
    const entries = [...this.shared]
    await Promise.all(entries.map(([key, entry]) => this.drop(key, entry)))
  }

  private open(key: string, layers: readonly string[]): Shared {
    const known = this.shared.get(key)
    if (known !== undefined) {
      return known
    }
    const entry = { view: this.make(layers), users: 0 }
    this.shared.set(key, entry)
    entry.view.catch(() => this.shared.delete(key))
    return entry
  }

  private async make(layers: readonly string[], upper?: string): Promise<View> {
    const folder = await workFolder(this.store)
    if (layers.length === 0 && upper === undefined) {
      await mkdir(path.join(folder, "empty"))
      return { root: path.join(folder, "empty"), close: async () => {} }
    }
    return this.isolation.view({
      layers: path.join(this.store.root, "layers"),
      folder,
      overlay: { layers: [...layers], upper },
    })
  }

  private async drop(key: string, entry: Shared): Promise<void> {
    clearTimeout(entry.timer)
    if (this.shared.get(key) === entry) {
      this.shared.delete(key)
      const view = await entry.view.catch(() => undefined)
      await view?.close()
    }
  }
}
