import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/**
 * Has all temporary files of this process, and of those that it starts from
 * now on, in one new folder. Gives the function that removes it.
 */
export function ownTemporaryFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "pypi-deploy-test-"))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
