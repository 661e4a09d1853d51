import type { DistFile } from "./manifest.js"
import type { UploadedFile } from "./receipt.js"
import { explain, type FailedExec } from "./tool.js"

/** What became of a file that was sent, or was to be. */
export type Outcome =
  | "uploaded"
  | "already there"
  | "would be uploaded"
  /** The upload broke off before. */
  | "not uploaded"

/** What tools/upload.py prints. */
export interface Uploads {
  /** The simple API's URL, found or given. */
  simple: string
  /** What the identity that uploaded claims; empty without one. */
  claims: Record<string, string>
  files: {
    name: string
    /** Empty where the upload broke off before. */
    outcome: Outcome | ""
    attempts: number
    /** What went wrong on the way, in the index's words. */
    faults: string[]
    seconds: number
  }[]
  /** Why not all of it is there. */
  error?: string
}

/** What an upload that failed has done by then. */
export function brokenOff(failed: FailedExec): Uploads {
  const nothing: Uploads = { simple: "", claims: {}, files: [] }
  const error = explain("The upload", failed).message
  try {
    return { ...nothing, ...(JSON.parse(failed.stdout) as Uploads), error }
  } catch {
    return { ...nothing, error }
  }
}

/** What became of each file; those that nothing is said of were not sent. */
export function uploadedFiles(
  files: DistFile[],
  uploads: Pick<Uploads, "files">,
): UploadedFile[] {
  return files.map((file) => {
    const found = uploads.files.find(({ name }) => name === file.name)
    const { attempts = 0, faults = [], seconds = 0 } = found ?? {}
    const outcome = found?.outcome || "not uploaded"
    return { ...file, outcome, attempts, faults, seconds }
  })
}
