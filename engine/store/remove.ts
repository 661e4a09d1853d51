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

async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700)
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries) {
    if (entry.isDirectory()) {
      await openFolders(path.join(folder, entry.name))
    }
  }
}
