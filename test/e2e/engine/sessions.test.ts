import { spawn, spawnSync } from "node:child_process"
import { readdirSync, readFileSync, statSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { connect, dag } from "@dagger.io/dagger"
import { buildSync } from "esbuild"
import { describe, expect, test } from "vitest"

import { type Session, startSession } from "../../../engine/session.js"
import { prune } from "../../../engine/store/prune.js"
import { root } from "../../root.js"
import { uvPath } from "../../servers/uv.js"
import { promised } from "../promises.js"
import {
  IMAGE,
  placeOf,
  python,
  shell,
  temporaryFolder,
  withEngine,
} from "./engine.js"

const store = temporaryFolder()
const other = temporaryFolder()

/** A document that runs a shell command in the base image. */
function execQuery(script: string, leaf = "stdout"): string {
  return `{ container { from(address: "${IMAGE}") {
    withExec(args: ["sh", "-c", ${JSON.stringify(script)}]) { ${leaf} }
  } } }`
}

describe("the server", () => {
  const post = (
    { port, token }: Session,
    { path = "/query", secret = token, body = '{"query":"{ version }"}' } = {},
  ) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}`,
      },
      body,
    })

  test("answers those who know the token, at /query", async () => {
    await withEngine({ store }, async ({ session }) => {
      const answer = await post(session)
      expect(await answer.json()).toEqual({ data: { version: "v0.21.8" } })
      expect((await post(session, { secret: "wrong" })).status).toBe(401)
      expect((await post(session, { path: "/" })).status).toBe(404)
      expect((await post(session, { body: "no JSON" })).status).toBe(400)
    })
  })

  test("serves the SDK's connect() as well", async () => {
    await withEngine({ store }, async () => {
      await connect(async (client) => {
        expect(await client.version()).toBe("v0.21.8")
      })
    })
  })

  test("says of other fields that `dagger call` has them", async () => {
    await withEngine({ store }, async () => {
      await expect(
        dag.http("https://example.org/x").contents(),
      ).rejects.toThrow(/"http".*"dagger call" has all of it/)
      await expect(dag.container().publish("x")).rejects.toThrow(
        /"publish".*dagger call/,
      )
    })
  })

  test("tells why in a sentence, without a trace", async () => {
    await withEngine({ store }, async ({ session }) => {
      const { errors } = await session.query('{ node(id: "no-id") { id } }')
      expect(errors?.[0]?.message).toBe(
        'There is no object with the id "no-id" in this session.',
      )
      const wrong = await session.query("{ broken ")
      expect(wrong.errors?.[0]?.message).toMatch(/^Syntax Error/)
      const cache = await session.query('{ cacheVolume(key: "k") { id } }')
      const { id } = Object(cache.data?.cacheVolume) as { id: string }
      const mixed = await session.query(
        `{ directory { withFile(path: "/a", source: "${id}") { sync } } }`,
      )
      expect(mixed.errors?.[0]?.message).toMatch(/A File is needed/)
    })
  })

  test("has the base images of its table, and no others", async () => {
    await withEngine({ store }, async () => {
      const from = (image: string) =>
        dag.container().from(image).withExec(["true"]).sync()
      await expect(from("alpine:3.22")).rejects.toThrow(
        /has no base image alpine:3.22.*ghcr.io\/astral-sh\/uv/,
      )
      await expect(from(IMAGE.replace("3.11", "3.99"))).rejects.toThrow(
        /needs Python 3\.99, which is not on this machine\. It has 3\..*Pass --python=3\.\d+, or use "dagger call"/,
      )
      await expect(dag.container().withExec(["true"]).sync()).rejects.toThrow(
        /no base image/,
      )
    })
  })

  test("knows the module that is being called", async () => {
    const module = { name: "pypi-deploy", source: "dagger" }
    await withEngine({ store, module, workdir: root }, async () => {
      expect(await dag.currentModule().name()).toBe("pypi-deploy")
      const entries = await dag.currentModule().source().entries()
      expect(entries).toContain("package.json")
    })
    await withEngine({ store }, async () => {
      await expect(dag.currentModule().name()).rejects.toThrow(/No module/)
    })
  })
})

describe("calls at the same time", () => {
  test("share a store, and ask for the same as well", async () => {
    const sessions = await Promise.all(
      Array.from({ length: 4 }, () => startSession({ uv: uvPath(), store })),
    )
    try {
      const answers = await Promise.all(
        sessions.flatMap(({ query }) =>
          ["one", "two", "three"].map((word) =>
            query(execQuery(`echo ${word} > /file; cat /file`)),
          ),
        ),
      )
      for (const { data, errors } of answers) {
        expect(errors).toBe(undefined)
        expect(JSON.stringify(data)).toMatch(/"stdout":"(one|two|three)\\n"/)
      }
      const again = await sessions[0]?.query(
        execQuery(
          "echo one > /file; cat /file",
          'file(path: "/file") { contents }',
        ),
      )
      expect(JSON.stringify(again?.data)).toContain('"contents":"one\\n"')
    } finally {
      await Promise.all(sessions.map((session) => session.close()))
    }
    expect(readdirSync(join(placeOf(store), "tmp"))).toEqual([])
  })

  test("the same command runs once in a session", async () => {
    await withEngine({ store }, async ({ ran }) => {
      const slow = shell("sleep 0.2; date +%N")
      const seen = await Promise.all([
        slow.stdout(),
        slow.stdout(),
        slow.file("/etc/passwd").contents(),
      ])
      expect(seen[0]).toBe(seen[1])
      expect(ran().length).toBe(1)
    })
  })

  test("commands that do not need each other run side by side", async () => {
    await withEngine({ store }, async () => {
      const times = await Promise.all(
        [1, 2, 3, 4].map(async (number) =>
          (await shell(`date +%s%N; sleep 1; date +%s%N; : ${number}`).stdout())
            .split("\n")
            .map(Number),
        ),
      )
      times.sort(([a = 0], [b = 0]) => a - b)
      const [[, ended = 0] = [], [started = 0] = []] = times
      expect(started).toBeLessThan(ended)
    })
  })
})

describe("a call that ends", () => {
  promised("background")(
    "early stops what it started, and leaves nothing",
    async () => {
      const session = await startSession({ uv: uvPath(), store: other })
      const mark = `4${process.pid}`
      const answer = session.query(
        execQuery(`setsid sleep ${mark} & sleep ${mark}`),
      )
      await until(() => processes(mark).length > 1)
      await session.close()
      expect(processes(mark)).toEqual([])
      expect((await answer).errors?.length).toBe(1)
      expect(readdirSync(join(placeOf(other), "tmp"))).toEqual([])
    },
  )

  promised("background")(
    "by SIGKILL leaves no process, no mount and no half layer",
    async () => {
      const mark = `5${process.pid}`
      // Assets are found from the project's folder.
      const file = join(root, ".call", `killed-${process.pid}.mjs`)
      buildSync({
        stdin: {
          contents: `
          import { startSession } from "${root}/engine/session.ts"
          const session = await startSession(${JSON.stringify({ uv: uvPath(), store })})
          session.query(${JSON.stringify(execQuery(`echo half > /half; setsid sleep ${mark} & sleep ${mark}`))})
          session.query(${JSON.stringify(`{ directory { withNewFile(path: "/a", contents: "a") { withNewFile(path: "/b", contents: "b") { sync } } } }`)})`,
          resolveDir: root,
        },
        bundle: true,
        platform: "node",
        format: "esm",
        external: ["graphql"],
        outfile: file,
      })
      const mounts = () => readFileSync("/proc/self/mountinfo", "utf8")
      const before = mounts()
      const layers = readdirSync(join(placeOf(store), "layers")).length
      const child = spawn(process.execPath, [file], { stdio: "inherit" })
      await until(() => processes(mark).length > 1)
      child.kill("SIGKILL")
      await until(() => processes(mark).length === 0)
      expect(mounts()).toBe(before)
      spawnSync("rm", [file])
      await withEngine({ store }, async () => {
        expect(await shell("ls /half 2>/dev/null || echo none").stdout()).toBe(
          "none\n",
        )
      })
      expect(readdirSync(join(placeOf(store), "tmp"))).toEqual([])
      expect(readdirSync(join(placeOf(store), "layers")).length).toBeLessThan(
        layers + 4,
      )
    },
  )
})

describe("prune", () => {
  const age = (folder: string, days: number) => {
    const then = Date.now() / 1000 - days * 24 * 60 * 60
    for (const name of readdirSync(join(placeOf(store), folder))) {
      utimesSync(join(placeOf(store), folder, name), then, then)
    }
  }
  const size = () =>
    Number(
      spawnSync("du", ["-s", placeOf(store)])
        .stdout.toString()
        .split("\t")[0],
    )

  test("removes what is old, and the rest goes on to work", async () => {
    await withEngine({ store }, async () => {
      const cache = dag.cacheVolume("pruned")
      await shell(
        "head -c 3000000 /dev/urandom > /big; cp /big /cache/big",
        python().withMountedCache("/cache", cache),
      ).sync()
    })
    const before = size()
    for (const folder of ["records", "layers", "caches"]) {
      age(folder, 30)
    }
    await withEngine({ store }, async () => {
      // Used now, so it stays.
      expect(await shell("echo one > /file; cat /file").stdout()).toBe("one\n")
    })
    expect(await prune({ store, olderThanDays: 14 })).toMatch(
      /^Removed \d+ results and \d+ cache volumes: .* MB of .* MB\.$/,
    )
    expect(size()).toBeLessThan(before - 5000)
    const events = await withEngine({ store }, async () => {
      expect(await shell("echo one > /file; cat /file").stdout()).toBe("one\n")
      expect(await shell("ls /big 2>&1; echo done").stdout()).toMatch(/done/)
    })
    expect(events.map(({ state }) => state)).toContain("cached")
  })

  test("leaves what a running call has used", async () => {
    await withEngine({ store }, async () => {
      const done = await shell("echo kept > /kept").sync()
      await prune({ store, olderThanDays: 0, maxBytes: 0 })
      expect(await done.file("/kept").contents()).toBe("kept\n")
      expect(await shell("cat /kept", done).stdout()).toBe("kept\n")
    })
    await prune({ store, olderThanDays: 0, maxBytes: 0 })
    expect(readdirSync(join(placeOf(store), "layers"))).toEqual([])
    await withEngine({ store }, async () => {
      expect(await shell("echo again").stdout()).toBe("again\n")
    })
  })
})

test("the store is the user's own", async () => {
  expect(statSync(placeOf(store)).mode & 0o777).toBe(0o700)
})

function processes(mark: string): string[] {
  const list = spawnSync("ps", ["axww", "-o", "args"]).stdout.toString()
  return list.split("\n").filter((line) => line === `sleep ${mark}`)
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error("it did not come to pass in ten seconds")
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
