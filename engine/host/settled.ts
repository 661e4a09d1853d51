import { EngineError, hasCode } from "../errors.js"

/** Somebody else's build may make and remove files beside those asked for. */
const LOOKS = 5

/**
 * Reads a folder that others may be writing to: once more where a file went
 * away meanwhile.
 *
 * @throws EngineError where it never settles
 */
export async function readSettled<T>(
  folder: string,
  read: () => Promise<T>,
): Promise<T> {
  for (let looks = 1; ; looks++) {
    try {
      return await read()
    } catch (error) {
      const { path: file = "" } = error as NodeJS.ErrnoException
      if (!hasCode(error, "ENOENT") || !file.startsWith(folder)) throw error
      if (looks === LOOKS) {
        throw new EngineError(
          `${file} went away while ${folder} was read. Call again when nothing writes there.`,
        )
      }
    }
  }
}
