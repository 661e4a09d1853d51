import { realpathSync, statSync } from "node:fs"
import { readFile, rename, writeFile } from "node:fs/promises"
import path from "node:path"
import { hasCode } from "../errors.js"
import { type Store, workFolder } from "../store/store.js"
import { digestOf } from "../values/digest.js"

/**
 * What a program says of itself, asked once for as long as its file stays the
 * same: starting an interpreter takes longer than a command from the cache.
 * No answer is never remembered.
 */
export async function remember<T>(
  store: Store,
  file: string,
  ask: (file: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  const real = realpathSync(file)
  const { size, mtimeMs, ctimeMs, ino } = statSync(real)
  const place = path.join(
    store.root,
    "interpreters",
    digestOf("interpreter", file, real, size, mtimeMs, ctimeMs, ino),
  )
  try {
    return JSON.parse(await readFile(place, "utf8")) as T
  } catch (error) {
    if (!hasCode(error, "ENOENT")) {
      throw error
    }
  }
  const answer = await ask(file)
  if (answer !== undefined) {
    const draft = path.join(await workFolder(store), "answer")
    await writeFile(draft, JSON.stringify(answer))
    await rename(draft, place)
  }
  return answer
}
