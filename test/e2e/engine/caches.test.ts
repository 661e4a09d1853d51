import { CacheSharingMode, dag } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"

import { startSession } from "../../../engine/session.js"
import { uvPath } from "../../servers/uv.js"
import { IMAGE, python, shell, temporaryFolder, withEngine } from "./engine.js"

const store = temporaryFolder()

// Says when it begins and ends; the others can see it.
const TURN =
  "echo begin >> /cache/log; sleep 0.4; echo end >> /cache/log; cat /cache/log"

function turn(name: string, key: string, sharing: CacheSharingMode) {
  const container = python()
    .withEnvVariable("TURN", name)
    .withMountedCache("/cache", dag.cacheVolume(key), { sharing })
  return shell(TURN, container).stdout()
}

async function twoTurns(key: string, sharing: CacheSharingMode) {
  let logs: string[] = []
  await withEngine({ store }, async () => {
    logs = await Promise.all(["1", "2"].map((name) => turn(name, key, sharing)))
  })
  return logs
    .map((log) => log.trim().split("\n"))
    .sort((a, b) => a.length - b.length)
}

describe("a cache volume", () => {
  test("keeps what commands put in it, from call to call", async () => {
    const call = (text: string) =>
      withEngine({ store }, async () => {
        const container = python().withMountedCache(
          "/cache",
          dag.cacheVolume("kept"),
        )
        const script = `echo ${text} >> /cache/file; cat /cache/file`
        const seen = await shell(script, container).stdout()
        expect(seen).toBe(text === "one" ? "one\n" : "one\ntwo\n")
      })
    await call("one")
    await call("two")
  })

  test("is no part of the container, nor of what caches it", async () => {
    await withEngine({ store }, async () => {
      const container = python().withMountedCache(
        "/cache",
        dag.cacheVolume("apart"),
      )
      const done = shell("touch /cache/x", container)
      await expect(done.directory("/cache").entries()).rejects.toThrow(
        /cache.*only commands/,
      )
      expect(await done.rootfs().entries()).not.toContain("cache/")
    })
  })

  test("SHARED: commands use it at the same time", async () => {
    const logs = await twoTurns("shared", CacheSharingMode.Shared)
    expect(logs.at(-1)?.slice(0, 2)).toEqual(["begin", "begin"])
  })

  test("LOCKED: one waits for the other", async () => {
    const logs = await twoTurns("locked", CacheSharingMode.Locked)
    expect(logs).toEqual([
      ["begin", "end"],
      ["begin", "end", "begin", "end"],
    ])
  })

  test("PRIVATE: each has one of its own, used again later", async () => {
    const logs = await twoTurns("private", CacheSharingMode.Private)
    expect(logs).toEqual([
      ["begin", "end"],
      ["begin", "end"],
    ])
    await withEngine({ store }, async () => {
      const log = await turn("3", "private", CacheSharingMode.Private)
      expect(log).toBe("begin\nend\nbegin\nend\n")
    })
  })

  test("LOCKED holds between calls as well", async () => {
    await withEngine({ store }, async ({ session }) => {
      await withOther(async (other) => {
        const logs = await Promise.all(
          [session, other].map(async ({ query }, index) => {
            const volume = await query('{ cacheVolume(key: "calls") { id } }')
            const { id } = Object(volume.data?.cacheVolume) as { id: string }
            const { data, errors } = await query(`{ container {
              from(address: "${IMAGE}") {
                withEnvVariable(name: "TURN", value: "${index}") {
                  withMountedCache(path: "/cache", cache: "${id}", sharing: LOCKED) {
                    withExec(args: ["sh", "-c", "${TURN}"]) { stdout }
                  }
                }
              }
            } }`)
            expect(errors).toBe(undefined)
            return (
              JSON.stringify(data)
                .match(/begin|end/g)
                ?.join() ?? ""
            )
          }),
        )
        expect(logs.sort((a, b) => a.length - b.length)).toEqual([
          "begin,end",
          "begin,end,begin,end",
        ])
      })
    })
  })
})

async function withOther(
  use: (other: Awaited<ReturnType<typeof startSession>>) => Promise<void>,
) {
  const other = await startSession({ uv: uvPath(), store })
  await use(other).finally(() => other.close())
}
