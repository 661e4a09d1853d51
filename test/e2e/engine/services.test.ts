import { spawnSync } from "node:child_process"
import { createServer } from "node:http"
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
} from "node:net"
import { text } from "node:stream/consumers"
import {
  CacheSharingMode,
  dag,
  type HostTunnelOpts,
  type Service,
} from "@dagger.io/dagger"
import { describe, expect, test, vi } from "vitest"

import { freePort } from "../../servers/server.js"
import { promised } from "../promises.js"
import { python, shell, temporaryFolder, withEngine } from "./engine.js"

const store = temporaryFolder()

function webServer(port: number, text = "hello"): Service {
  return python()
    .withNewFile("/site/index.html", text)
    .withWorkdir("/site")
    .withExposedPort(port)
    .withDefaultArgs(["python", "-m", "http.server", String(port)])
    .asService()
}

function fetchText(url: string, service: Service, alias = "web") {
  const code = `import urllib.request; print(urllib.request.urlopen("${url}").read().decode())`
  return python()
    .withEnvVariable("NO_PROXY", "*")
    .withServiceBinding(alias, service)
    .withExec(["python", "-c", code])
    .stdout()
}

function listening(port: number): boolean {
  const { status } = spawnSync("bash", [
    "-c",
    `exec 3<>/dev/tcp/127.0.0.1/${port}`,
  ])
  return status === 0
}

describe("a service", () => {
  test("runs for the commands bound to it, under its alias", async () => {
    const port = await freePort()
    const events = await withEngine({ store }, async () => {
      const text = await fetchText(`http://web:${port}/`, webServer(port))
      expect(text).toBe("hello\n")
      expect(listening(port)).toBe(true)
    })
    expect(listening(port)).toBe(false)
    // Stopped because nobody needs it any more: that is no failure.
    expect(events.map(({ state }) => state)).not.toContain("failed")
  })

  test("starts once for all of them", async () => {
    const port = await freePort()
    const events = await withEngine({ store }, async () => {
      const service = webServer(port)
      await Promise.all(
        ["a", "b"].map((alias) =>
          fetchText(`http://${alias}:${port}/`, service, alias),
        ),
      )
    })
    const starts = events.filter(
      ({ name, state }) => state === "started" && name.includes("http.server"),
    )
    expect(starts.length).toBe(1)
  })

  test("starts and stops by hand, and tells its endpoint", async () => {
    const port = await freePort()
    await withEngine({ store }, async () => {
      const service = webServer(port)
      expect(await service.endpoint()).toBe(`127.0.0.1:${port}`)
      expect(await service.endpoint({ scheme: "http" })).toBe(
        `http://127.0.0.1:${port}`,
      )
      const started = await service.start()
      expect(listening(port)).toBe(true)
      await started.stop()
      expect(listening(port)).toBe(false)
      await service.start()
      expect(listening(port)).toBe(true)
      await service.stop({ kill: true })
      expect(listening(port)).toBe(false)
    })
  })

  test("is asked to end before it is made to", async () => {
    const port = await freePort()
    await withEngine({ store }, async () => {
      const code = [
        "import http.server, os, signal, sys",
        "def bye(*_):",
        '  open(os.environ["BYE"], "w").write("bye")',
        "  sys.exit(0)",
        "signal.signal(signal.SIGTERM, bye)",
        `http.server.HTTPServer(("", ${port}), http.server.BaseHTTPRequestHandler).serve_forever()`,
      ].join("\n")
      const cache = dag.cacheVolume("bye")
      const service = python()
        .withMountedCache("/cache", cache)
        .withEnvVariable("BYE", "/cache/bye")
        .withExposedPort(port)
        .withDefaultArgs(["python", "-c", code])
        .asService()
      await service.start()
      await service.stop()
      const said = shell(
        "cat /cache/bye",
        python().withMountedCache("/cache", cache),
      )
      expect(await said.stdout()).toBe("bye")
    })
  })

  test("that ends before its port answers fails with what it said", async () => {
    await withEngine({ store }, async () => {
      const service = python()
        .withExposedPort(await freePort())
        .asService({ args: ["sh", "-c", "echo no such index >&2; exit 7"] })
      await expect(service.start()).rejects.toThrow(
        /exit code 7[\s\S]*no such index/,
      )
    })
  })

  promised("services")(
    "that ends meanwhile takes the commands bound to it along",
    async () => {
      const port = await freePort()
      await withEngine({ store }, async () => {
        const code = `import socket; s = socket.create_server(("", ${port})); s.accept(); s.accept(); print("had enough"); exit(9)`
        const service = python()
          .withExposedPort(port)
          .asService({ args: ["python", "-c", code] })
        const bound = python().withServiceBinding("web", service)
        await expect(
          bound
            .withExec([
              "python",
              "-c",
              `import socket, time; socket.create_connection(("web", ${port})); time.sleep(60)`,
            ])
            .sync(),
        ).rejects.toThrow(/exit code 9[\s\S]*had enough/)
      })
    },
  )

  test("does not start on a port that is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1")
    await new Promise((resolve) => server.once("listening", resolve))
    const { port } = server.address() as AddressInfo
    try {
      await withEngine({ store }, async () => {
        await expect(webServer(port).start()).rejects.toThrow(
          new RegExp(`port ${port} .* is taken`),
        )
      })
    } finally {
      server.close()
    }
  })
})

describe("a service on the host", () => {
  const text = async (port: number) =>
    (await fetch(`http://127.0.0.1:${port}/`)).text()

  test("has its own ports, those asked for, or free ones", async () => {
    const [port, other] = [await freePort(), await freePort()]
    await withEngine({ store }, async () => {
      const service = webServer(port)
      const tunnel = (options: HostTunnelOpts) =>
        dag.host().tunnel(service, options)
      const own = await tunnel({ native: true }).start()
      expect(await own.endpoint()).toMatch(`:${port}`)
      const forward = { frontend: other, backend: port }
      await tunnel({ ports: [forward] }).start()
      const free = await tunnel({}).start()
      const [found] = await free.ports()
      const chosen = (await found?.port()) ?? 0
      expect(await free.endpoint()).toMatch(`:${chosen}`)
      expect([port, other]).not.toContain(chosen)
      for (const one of [port, other, chosen]) {
        expect(await text(one)).toBe("hello")
      }
      await free.stop()
      expect(listening(chosen)).toBe(false)
      expect(listening(other)).toBe(true)
    })
    expect(listening(other)).toBe(false)
  })

  test("is up until the session ends, or it does", async () => {
    const ports = await Promise.all([freePort(), freePort(), freePort()])
    const [port, other, third] = ports
    let up: Promise<void> | undefined
    const events = await withEngine({ store }, async () => {
      const forward = { frontend: other, backend: port }
      up = webServer(port).up({ ports: [forward] })
      up.catch(() => {})
      await vi.waitFor(async () => expect(await text(other)).toBe("hello"), {
        timeout: 20_000,
      })
      const short = python()
        .withExposedPort(third)
        .withDefaultArgs([
          ...["timeout", "1", "python", "-m", "http.server", `${third}`],
        ])
      await expect(short.asService().up()).rejects.toThrow(/exit code 124/)
    })
    await expect(up).rejects.toThrow()
    const said = events.filter(({ state }) => state === "done")
    expect(said.map(({ name }) => name)).toContain(
      `up at 127.0.0.1:${other} until Ctrl-C`,
    )
    expect(listening(other)).toBe(false)
  })

  test("has none of its ports where one is taken", async () => {
    const [port, other] = [await freePort(), await freePort()]
    await withEngine({ store }, async () => {
      const service = webServer(port)
      const twice = [
        { frontend: other, backend: port },
        { frontend: port, backend: port + 1 },
      ]
      const tunnel = dag.host().tunnel(service, { ports: twice })
      await expect(tunnel.start()).rejects.toThrow(
        new RegExp(`Port ${port} .* is taken`),
      )
      expect(listening(other)).toBe(false)
    })
  })

  test("without a port cannot be", async () => {
    await withEngine({ store }, async () => {
      const service = python().asService({ args: ["sleep", "9"] })
      await expect(service.up()).rejects.toThrow(/withExposedPort/)
    })
  })

  test("that cannot start leaves its cache volume to others", async () => {
    await withEngine({ store }, async () => {
      const volume = dag.cacheVolume("of a service that cannot start")
      const locked = python().withMountedCache("/cache", volume, {
        sharing: CacheSharingMode.Locked,
      })
      const missing = dag.directory().file("missing")
      const service = locked
        .withMountedFile("/file", missing)
        .asService({ args: ["sleep", "9"] })
      await expect(service.start()).rejects.toThrow(/missing/)
      expect(await locked.withExec(["echo", "mine"]).stdout()).toBe("mine\n")
    })
  })
})

describe("a service of the host", () => {
  test("is reached under its own port or another", async () => {
    const server = createServer((_, response) => response.end("from the host"))
    server.listen(0, "127.0.0.1")
    await new Promise((resolve) => server.once("listening", resolve))
    const { port } = server.address() as AddressInfo
    const other = await freePort()
    try {
      await withEngine({ store }, async () => {
        const same = dag.address(`tcp://127.0.0.1:${port}`).service()
        expect(await fetchText(`http://index:${port}`, same, "index")).toBe(
          "from the host\n",
        )
        const moved = dag.host().service([{ frontend: other, backend: port }])
        expect(await fetchText(`http://index:${other}`, moved, "index")).toBe(
          "from the host\n",
        )
      })
    } finally {
      server.closeAllConnections()
      server.close()
    }
    expect(listening(other)).toBe(false)
  })

  test("answers who has said all and listens on", async () => {
    // As `nc -N` does: it ends its half, then reads what comes.
    const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
      let said = ""
      socket.on("data", (data) => {
        said += data
      })
      socket.on("end", () => setTimeout(() => socket.end(`got ${said}`), 50))
    })
    server.listen(0, "127.0.0.1")
    await new Promise((resolve) => server.once("listening", resolve))
    const { port } = server.address() as AddressInfo
    const other = await freePort()
    try {
      await withEngine({ store }, async () => {
        const ports = [{ frontend: other, backend: port }]
        await dag.host().service(ports).start()
        const client = connect({ port: other, allowHalfOpen: true })
        client.end("hello")
        expect(await text(client)).toBe("got hello")
      })
    } finally {
      server.close()
    }
  })

  test("has an address with a port", async () => {
    await withEngine({ store }, async () => {
      await expect(
        dag.address("127.0.0.1:80").service().hostname(),
      ).rejects.toThrow(/tcp:\/\/HOST:PORT/)
    })
  })
})
