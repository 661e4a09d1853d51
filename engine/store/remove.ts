import { chmod, readdir, rm } from "node:fs/promises"
import path from "node:path"
import { hasCode } from "../errors.js"

/**
 * Removes a folder that a command wrote: folders in it may be unreadable even
 * for their owner, such as the one that overlayfs works in.
 */
export async function forceRemove(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true })
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM")) {
      throw error
    }
    await openFolders(folder)
    await rm(folder, { recursive: true, force: true })
  }
}

/** Others of its parts are still being removed: a folder may be gone. */
async function openFolders(folder: string): Promise<void> {
  const entries = await chmod(folder, 0o700)
    .then(() => readdir(folder, { withFileTypes: true }))
    .catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) {
        return []
      }
      throw error
    })
  for (const entry of entries) {
    if (entry.isDirectory()) {
      await openFolders(path.join(folder, entry.name))
    }
  }
}
