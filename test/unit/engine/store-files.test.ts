import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { readdir } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, test } from "vitest"

import {
  holdPruneLock,
  pruneLock,
  waitForPrune,
} from "../../../engine/store/prune-lock.js"
import {
  findRecord,
  keepRecord,
  recordFolder,
} from "../../../engine/store/records.js"
import { forceRemove } from "../../../engine/store/remove.js"
import { measureFolders } from "../../../engine/store/size.js"
import {
  closeStore,
  keepLayer,
  openStore,
  type Store,
  workFolder,
} from "../../../engine/store/store.js"
import { startTime, temporaryName } from "../../../engine/store/temporary.js"

let folder = ""
let store: Store

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "store-test-"))
  store = await openStore(folder)
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function layer(text: string): Promise<string> {
  const work = await workFolder(store)
  mkdirSync(join(work, "fs"))
  writeFileSync(join(work, "fs/file"), text)
  return keepLayer(store, work)
}

describe("a store", () => {
  test("keeps its salt, and what others are at", async () => {
    const second = await openStore(folder)
    expect(second.salt).toEqual(store.salt)
    expect(second.salt.length).toBe(32)
    expect(statSync(join(folder, "salt")).mode & 0o777).toBe(0o600)
    await closeStore(second)
    expect(readdirSync(join(folder, "tmp")).length).toBe(1)
  })

  test("takes nothing half removed from a call that still works", async () => {
    const work = await workFolder(store)
    mkdirSync(join(work, "fs"))
    for (let number = 0; number < 500; number++) {
      writeFileSync(join(work, "fs", `file${number}`), "")
    }
    const closing = closeStore(store)
    const files = () => readdir(join(work, "fs")).catch(() => [])
    while ((await files()).length === 500);
    await expect(keepLayer(store, work)).rejects.toThrow("ENOENT")
    await closing
    expect(readdirSync(join(folder, "layers"))).toEqual([])
    expect(readdirSync(join(folder, "tmp"))).toEqual([])
  })

  test("is cleared of what dead calls left, not of what may live", async () => {
    const own = await temporaryName()
    const [pid, start, namespace] = own.split(".")
    const tmp = join(folder, "tmp")
    const names = {
      dead: `${pid}.${Number(start) + 1}.${namespace}.dead`,
      gone: `999999999.1.${namespace}.gone`,
      unnamed: "unnamed",
      elsewhere: `${pid}.${start}.1.elsewhere`,
      alive: own,
    }
    for (const name of Object.values(names)) {
      mkdirSync(join(tmp, name))
    }
    await closeStore(await openStore(folder))
    const left = readdirSync(tmp)
    expect(left).toContain(names.elsewhere)
    expect(left).toContain(names.alive)
    expect(left).not.toContain(names.dead)
    expect(left).not.toContain(names.gone)
    expect(left).not.toContain(names.unnamed)
  })
})

describe("a record", () => {
  test("is there with its layers, and not without", async () => {
    const id = await layer("a")
    await keepRecord(store, "digest", { layers: [id, null], exitCode: 0 })
    expect(await findRecord(store, "digest")).toEqual({
      layers: [id, null],
      exitCode: 0,
    })
    expect(await findRecord(store, "other")).toBe(undefined)
    rmSync(join(folder, "layers", id), { recursive: true })
    expect(await findRecord(store, "digest")).toBe(undefined)
  })

  async function keep(text: string) {
    const draft = await workFolder(store)
    writeFileSync(join(draft, "stdout"), text)
    const layers = [await layer(text)]
    return keepRecord(store, "digest", { layers }, draft)
  }
  const said = () =>
    readFileSync(join(recordFolder(store, "digest"), "stdout"), "utf8")

  test("stays for who reads it, and is given to who was slower", async () => {
    const first = await keep("first")
    expect(await keep("second")).toEqual(first)
    expect(said()).toBe("first")
    expect(await findRecord(store, "digest")).toEqual(first)
  })

  test("is never gone while calls keep the same", async () => {
    await keep("first")
    let kept = false
    const keeping = Promise.all(
      Array.from({ length: 50 }, (_, nth) => keep(`${nth}`)),
    ).then(() => {
      kept = true
    })
    while (!kept) {
      expect(said()).toBe("first")
      await setImmediate()
    }
    await keeping
  })

  test("takes the place of one whose layers are gone", async () => {
    await keep("first")
    rmSync(join(folder, "layers"), { recursive: true })
    mkdirSync(join(folder, "layers"))
    const second = await keep("second")
    expect(said()).toBe("second")
    expect(await findRecord(store, "digest")).toEqual(second)
  })
})

describe("the lock for pruning", () => {
  test("is one's alone, and others wait for it", async () => {
    const release = await holdPruneLock(store)
    await expect(holdPruneLock(store)).rejects.toThrow(/Somebody else/)
    let waited = false
    const waiting = waitForPrune(folder).then(() => {
      waited = true
    })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(waited).toBe(false)
    await release()
    await waiting
    expect(waited).toBe(true)
  })

  test("of a dead process is nobody's", async () => {
    const start = Number(await startTime(process.pid)) + 1
    writeFileSync(pruneLock(folder), `${process.pid} ${start}`)
    await waitForPrune(folder)
    const release = await holdPruneLock(store)
    await release()
    expect(existsSync(pruneLock(folder))).toBe(false)
  })
})

test("folders that nobody may read are removed all the same", async () => {
  const place = join(folder, "closed")
  mkdirSync(join(place, "deep/er"), { recursive: true })
  writeFileSync(join(place, "deep/file"), "")
  chmodSync(join(place, "deep/er"), 0)
  chmodSync(join(place, "deep"), 0)
  await forceRemove(place)
  expect(existsSync(place)).toBe(false)
  await forceRemove(place)
})

test("a file that folders share counts once", () => {
  for (const name of ["a", "b"]) {
    mkdirSync(join(folder, name))
  }
  writeFileSync(join(folder, "a/file"), Buffer.alloc(1_000_000, "x"))
  linkSync(join(folder, "a/file"), join(folder, "b/file"))
  const size = measureFolders(["a", "b"], folder)
  expect(size("a")).toBeGreaterThan(1_000_000)
  expect(size("b")).toBeLessThan(100_000)
  expect(size("none")).toBe(0)
})
