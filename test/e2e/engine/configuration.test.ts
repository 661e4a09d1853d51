import { type Container, dag, NetworkProtocol } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"

import { promised } from "../promises.js"
import { IMAGE, python, shell, temporaryFolder, withEngine } from "./engine.js"

const store = temporaryFolder()
const engine = (use: () => Promise<void>) => withEngine({ store }, use)

describe("a container tells", () => {
  test("where it comes from", async () => {
    await engine(async () => {
      expect(await python().imageRef()).toBe(IMAGE)
      expect(await python().platform()).toMatch(/^linux\//)
      expect(await dag.defaultPlatform()).toBe(await python().platform())
      expect(await python().envVariable("PYTHON_VERSION")).toMatch(/^3\.11\./)
      await expect(dag.container().imageRef()).rejects.toThrow(/no base image/)
      const address = dag.address(IMAGE).container()
      expect(await address.imageRef()).toBe(IMAGE)
      expect(await dag.address("a").value()).toBe("a")
    })
  })

  test("its variables and labels", async () => {
    await engine(async () => {
      const container = python()
        .withEnvVariable("A", "1")
        .withLabel("one", "1")
        .withLabel("two", "2")
        .withoutLabel("one")
      const variables = await container.envVariables()
      const named = await Promise.all(
        variables.map(async (one) => [await one.name(), await one.value()]),
      )
      expect(named).toContainEqual(["A", "1"])
      expect(await container.label("two")).toBe("2")
      expect(await container.label("one")).toBe(null)
      const [label] = await container.labels()
      expect([await label?.name(), await label?.value()]).toEqual(["two", "2"])
    })
  })

  test("its command, and forgets it", async () => {
    await engine(async () => {
      const container = python().withEntrypoint(["sh"]).withDefaultArgs(["-x"])
      expect(await container.entrypoint()).toEqual(["sh"])
      expect(await container.defaultArgs()).toEqual(["-x"])
      const bare = container.withoutEntrypoint()
      expect(await bare.entrypoint()).toEqual([])
      expect(await bare.defaultArgs()).toEqual([])
      const kept = container.withEntrypoint(["a"], { keepDefaultArgs: true })
      expect(await kept.defaultArgs()).toEqual(["-x"])
      expect(
        await kept.withoutEntrypoint({ keepDefaultArgs: true }).defaultArgs(),
      ).toEqual(["-x"])
    })
  })

  test("its ports", async () => {
    await engine(async () => {
      const container = python()
        .withExposedPort(80, { description: "web" })
        .withExposedPort(53, {
          protocol: NetworkProtocol.Udp,
          experimentalSkipHealthcheck: true,
        })
        .withExposedPort(443)
        .withoutExposedPort(443)
      const ports = await container.exposedPorts()
      const told = ports.map(async (port) => [
        await port.port(),
        await port.protocol(),
        await port.description(),
        await port.experimentalSkipHealthcheck(),
      ])
      expect(await Promise.all(told)).toEqual([
        [80, "TCP", "web", false],
        [53, "UDP", null, true],
      ])
    })
  })

  test("its user and working directory", async () => {
    await engine(async () => {
      const container = python().withUser("root").withWorkdir("/a")
      expect(await container.user()).toBe("root")
      expect(await container.withoutUser().user()).toBe("")
      const there = container.withEnvVariable("D", "/d")
      expect(await there.withWorkdir("$D/e", { expand: true }).workdir()).toBe(
        "/d/e",
      )
      expect(await container.withWorkdir("b").workdir()).toBe("/a/b")
      expect(await container.withoutWorkdir().workdir()).toBe("")
      await expect(container.withUser("nobody").sync()).rejects.toThrow(
        /one user, root/,
      )
    })
  })

  test("what is at a path", async () => {
    await engine(async () => {
      const container = python()
        .withFiles("/app", [dag.file("a", "1"), dag.file("b", "22")])
        .withEnvVariable("APP", "/app")
      expect(await container.exists("/app/a")).toBe(true)
      expect(await container.stat("/app/b").size()).toBe(2)
      await expect(container.stat("/app/c").size()).rejects.toThrow(/no file/)
      expect(await container.file("$APP/b", { expand: true }).contents()).toBe(
        "22",
      )
      const without = container.withoutFiles(["/app/a", "/app/b"])
      expect(await without.directory("/app").entries()).toEqual([])
    })
  })
})

describe("a container may", () => {
  const fails = async (container: Container, message: RegExp) =>
    await expect(container.sync()).rejects.toThrow(message)

  test("fail on purpose, or not", async () => {
    await engine(async () => {
      await fails(python().withError("not today"), /not today/)
      await python().withError("").sync()
    })
  })

  test("only be of this machine's platform", async () => {
    await engine(async () => {
      const { platform } = { platform: "plan9/z80" as never }
      await fails(dag.container({ platform }), /not plan9\/z80/)
    })
  })

  test("have another root", async () => {
    await engine(async () => {
      const rootfs = python().rootfs().withNewFile("/marker", "here")
      const container = python().withRootfs(rootfs)
      expect(await shell("cat /marker", container).stdout()).toBe("here")
      expect(
        await dag
          .container()
          .withRootfs(
            dag.directory().withNewFile("deep/x", "x").directory("deep"),
          )
          .file("/x")
          .contents(),
      ).toBe("x")
    })
  })

  test("forget secrets and volatile variables", async () => {
    await engine(async () => {
      const container = python()
        .withSecretVariable("S", dag.setSecret("s", "hidden"))
        .withVolatileVariable("V", "v")
        .withoutSecretVariable("S")
        .withoutVolatileVariable("V")
      expect(await shell("echo $S-$V", container).stdout()).toBe("-\n")
    })
  })

  promised("processes")("run a command as process 1", async () => {
    await engine(async () => {
      const own = python().withExec(["sh", "-c", "echo $$"], { noInit: true })
      expect(await own.stdout()).toBe("1\n")
      expect(await shell("echo $$").stdout()).not.toBe("1\n")
    })
  })
})

test("a secret has the name or the address it was given", async () => {
  await engine(async () => {
    expect(await dag.setSecret("token", "x").name()).toBe("token")
    expect(await dag.secret("env://HOME").uri()).toBe("env://HOME")
    expect(await dag.address("env:HOME").secret().plaintext()).toBe(
      process.env.HOME,
    )
  })
})

test("a service has ports and a name", async () => {
  await engine(async () => {
    const service = python()
      .withExposedPort(8080)
      .asService({ args: ["true"] })
    const [port] = await service.ports()
    expect(await port?.port()).toBe(8080)
    expect(await service.hostname()).toBe("127.0.0.1")
    await expect(
      python()
        .asService({ args: ["true"] })
        .endpoint(),
    ).rejects.toThrow(/exposes no port/)
  })
})

test("a directory and a file can be made ahead", async () => {
  await engine(async () => {
    const directory = await dag.directory().withNewFile("a", "a").sync()
    expect(await directory.entries()).toEqual(["a"])
    const file = await dag
      .file("f", "text")
      .withTimestamps(1_000_000_000)
      .sync()
    expect(await file.contents()).toBe("text")
    expect(await file.stat()?.size()).toBe(4)
    const mounted = python().withMountedFile("/f", file)
    expect(await shell("stat -c %Y /f", mounted).stdout()).toBe("1000000000\n")
    await (await directory.changes(dag.directory()).sync()).addedPaths()
    await expect(directory.stat("b").size()).rejects.toThrow(/no file b/)
  })
})
