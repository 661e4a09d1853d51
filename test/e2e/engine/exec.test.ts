import { readdirSync } from "node:fs"
import { join } from "node:path"
import { type Directory, dag, ExecError, ReturnType } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"

import { promised } from "../promises.js"
import {
  placeOf,
  python,
  shell,
  temporaryFolder,
  withEngine,
} from "./engine.js"

const store = temporaryFolder()

describe("a command", () => {
  test("runs in the base image and gives what it printed", async () => {
    await withEngine({ store }, async () => {
      const done = shell("echo out; echo err >&2")
      expect(await done.stdout()).toBe("out\n")
      expect(await done.stderr()).toBe("err\n")
      expect(await done.combinedOutput()).toMatch(/^(out\nerr|err\nout)\n$/)
      expect(await done.exitCode()).toBe(0)
    })
  })

  test("has Python, uv, git and a compiler", async () => {
    await withEngine({ store }, async () => {
      const versions = await shell(
        "python --version; uv --version; git --version; gcc --version",
      ).stdout()
      expect(versions).toMatch(/^Python 3\.11\.\d+\nuv 0\.13\.8/)
      expect(versions).toMatch(/git version \d[\s\S]*gcc/)
    })
  })

  test("has its variables, working directory and no others", async () => {
    await withEngine(
      { store, environment: { ...process.env, CANARY: "of the host" } },
      async () => {
        const container = python()
          .withEnvVariable("A", "1")
          .withEnvVariable("B", "$A-2", { expand: true })
          .withWorkdir("/work/deep")
        const [where, ...variables] = (
          await shell("pwd; env", container).stdout()
        ).split("\n")
        expect(where).toBe("/work/deep")
        expect(variables).toEqual(
          expect.arrayContaining(["A=1", "B=1-2", "HOME=/root"]),
        )
        expect(variables.join()).not.toContain("CANARY")
        expect(await container.withoutEnvVariable("A").envVariable("A")).toBe(
          null,
        )
      },
    )
  })

  test("reads its standard input from a text or a file", async () => {
    await withEngine({ store }, async () => {
      const container = python().withNewFile("/in", "from a file")
      expect(
        await container.withExec(["cat"], { stdin: "from a text" }).stdout(),
      ).toBe("from a text")
      expect(
        await container.withExec(["cat"], { redirectStdin: "/in" }).stdout(),
      ).toBe("from a file")
      expect(await container.withExec(["cat"]).stdout()).toBe("")
    })
  })

  test("writes its output to files of the container as well", async () => {
    await withEngine({ store }, async () => {
      const done = python()
        .withWorkdir("/src")
        .withExec(["sh", "-c", "echo out; echo err >&2"], {
          redirectStdout: "out.txt",
          redirectStderr: "/tmp/err.txt",
        })
      expect(await done.file("out.txt").contents()).toBe("out\n")
      expect(await done.file("/tmp/err.txt").contents()).toBe("err\n")
      expect(await done.stdout()).toBe("out\n")
    })
  })

  test("takes the entrypoint and the default arguments where asked", async () => {
    await withEngine({ store }, async () => {
      const container = python()
        .withEntrypoint(["echo", "entry"])
        .withDefaultArgs(["default"])
      expect(
        await container.withExec([], { useEntrypoint: true }).stdout(),
      ).toBe("entry default\n")
      await expect(
        python().withoutDefaultArgs().withExec([]).stdout(),
      ).rejects.toThrow(/There is no command to run/)
    })
  })

  test("keeps every byte of a long output", async () => {
    await withEngine({ store }, async () => {
      const text = await shell("seq 1 200000").stdout()
      expect(text.split("\n").at(-2)).toBe("200000")
      expect(text.length).toBe(1288895)
    })
  })
})

describe("a command that fails", () => {
  test("is an ExecError with its exit code and output", async () => {
    await withEngine({ store }, async () => {
      const failing = shell("echo said; echo why >&2; exit 3")
      const error = await failing.stdout().catch((reason) => reason)
      expect(error).toBeInstanceOf(ExecError)
      expect(error).toMatchObject({
        cmd: ["sh", "-c", "echo said; echo why >&2; exit 3"],
        exitCode: 3,
        stdout: "said",
        stderr: "why",
      })
      expect(error.message).toContain("exit code 3")
    })
  })

  test("shows the last 100 KiB of its output", async () => {
    await withEngine({ store }, async () => {
      const error = await shell("seq 1 100000; exit 1")
        .sync()
        .catch((reason) => reason)
      expect(error.stdout).toMatch(/^\[omitting 486495 bytes\]\.\.\./)
      expect(error.stdout.endsWith("100000")).toBe(true)
    })
  })

  test("is no error where it was expected", async () => {
    await withEngine({ store }, async () => {
      const exits = (code: number, expect: ReturnType) =>
        python()
          .withExec(["sh", "-c", `exit ${code}`], { expect })
          .exitCode()
      expect(await exits(3, ReturnType.Any)).toBe(3)
      expect(await exits(200, ReturnType.Failure)).toBe(200)
      await expect(exits(0, ReturnType.Failure)).rejects.toThrow(/succeeded/)
      await expect(exits(150, ReturnType.Any)).rejects.toThrow(/150/)
    })
  })

  test("is refused where its command line is too long", async () => {
    await withEngine({ store }, async () => {
      await expect(shell(`: ${"x".repeat(200_000)}`).sync()).rejects.toThrow(
        /too long for Linux/,
      )
    })
  })

  test("says nothing of its own when a signal ends it", async () => {
    await withEngine({ store }, async () => {
      const error = await shell("kill -9 $$")
        .sync()
        .catch((reason) => reason)
      expect(error).toMatchObject({ exitCode: 137, stderr: "" })
    })
  })

  test("is never cached, while one that was expected to fail is", async () => {
    const failing = () => shell("exit 4").sync()
    const expected = () =>
      python()
        .withExec(["sh", "-c", "exit 5"], { expect: ReturnType.Any })
        .exitCode()
    const attempt = (use: () => Promise<unknown>) =>
      withEngine({ store }, async () => void (await use().catch(() => {})))
    const states = async (use: () => Promise<unknown>) => [
      (await attempt(use)).map(({ state }) => state),
      (await attempt(use)).map(({ state }) => state),
    ]
    expect(await states(failing)).toEqual([
      ["started", "failed"],
      ["started", "failed"],
    ])
    expect(await states(expected)).toEqual([["started", "done"], ["cached"]])
  })

  test.each([
    ["a script without #!", "echo hi\n", 0o755, 1, /exec format error/],
    ["a file of bytes", "\0\0", 0o755, 1, /exec format error/],
    ["nothing to run", "#!/bin/sh\n", 0o644, 126, /[Pp]ermission denied/],
  ])("cannot be %s", async (_, contents, permissions, code, said) => {
    await withEngine({ store }, async () => {
      const file = dag.directory().withNewFile("x", contents, { permissions })
      for (const place of ["/x", "/opt/bin/x"]) {
        const failing = await python()
          .withFile(place, file.file("x"))
          .withEnvVariable("PATH", "/opt/bin:$PATH", { expand: true })
          .withExec([place], { expect: ReturnType.Any })
        expect(await failing.exitCode()).toBe(code)
        expect(await failing.stderr()).toMatch(said)
      }
    })
  })

  test("cannot read its standard input from no file, nor have no name", async () => {
    await withEngine({ store }, async () => {
      const missing = python().withExec(["cat"], { redirectStdin: "/nope" })
      await expect(missing.sync()).rejects.toThrow(
        /^The container for cat could not be set up: .*\/nope/,
      )
      await expect(python().withExec([""]).sync()).rejects.toMatchObject({
        exitCode: 1,
        stderr: 'exec: "": executable file not found in $PATH',
      })
    })
  })

  test("names the command where there is none such", async () => {
    await withEngine({ store }, async () => {
      const error = await python()
        .withExec(["no-such-command"])
        .sync()
        .catch((reason) => reason)
      expect(error).toMatchObject({
        exitCode: 1,
        stderr: 'exec: "no-such-command": executable file not found in $PATH',
      })
    })
  })
})

describe("a second call", () => {
  test("runs nothing when nothing changed", async () => {
    const call = () =>
      withEngine({ store }, async () => {
        const source = dag.directory().withNewFile("a.txt", "a")
        const done = shell("date +%N > /made; cat /src/a.txt", mounted(source))
        await shell("cat /made", done).stdout()
      })
    const first = await call()
    const second = await call()
    const count = (state: string) => (events: { state: string }[]) =>
      events.filter((event) => event.state === state).length
    expect(count("started")(first)).toBe(2)
    expect(count("started")(second)).toBe(0)
    expect(count("cached")(second)).toBeGreaterThan(0)
  })

  test("runs what a changed input reaches, and no more", async () => {
    const call = (text: string) =>
      withEngine({ store }, async ({ ran }) => {
        const base = shell("echo base > /base")
        const source = dag.directory().withNewFile("a.txt", text)
        await shell(
          "cat /base /src/a.txt",
          base.withMountedDirectory("/src", source),
        ).sync()
        return void ran()
      })
    await call("one")
    const events = await call("two")
    expect(
      events.filter(({ state }) => state === "started").map(({ name }) => name),
    ).toEqual(["sh -c 'cat /base /src/a.txt'"])
  })

  test("does not see volatile variables change", async () => {
    const call = (value: string) =>
      withEngine({ store }, async () => {
        const container = python().withVolatileVariable("V", value)
        expect(await shell("echo $V", container).stdout()).toBe("first\n")
      })
    await call("first")
    await call("second")
  })
})

describe("what is mounted", () => {
  test("can be written, and later commands see it", async () => {
    await withEngine({ store }, async () => {
      const source = dag
        .directory()
        .withNewFile("keep", "kept")
        .withNewFile("gone/x", "x")
      const done = shell(
        "cd /src && rm -r gone && mkdir dist && echo new > dist/file && echo more >> keep",
        mounted(source),
      )
      expect(await done.directory("/src").entries()).toEqual(["dist/", "keep"])
      expect(await done.file("/src/dist/file").contents()).toBe("new\n")
      expect(await shell("cat /src/keep", done).stdout()).toBe("keptmore\n")
      expect(await source.entries()).toEqual(["gone/", "keep"])
    })
  })

  test("a folder made anew hides what was in it before", async () => {
    await withEngine({ store }, async () => {
      const source = dag.directory().withNewFile("a/b/old", "old")
      const done = shell("cd /src && rm -r a && mkdir -p a/b", mounted(source))
      expect(await done.directory("/src/a/b").entries()).toEqual([])
      expect(
        await shell("ls /src/b", mounted(done.directory("/src/a"))).stdout(),
      ).toBe("")
    })
  })

  test("a file is its own copy", async () => {
    await withEngine({ store }, async () => {
      const file = dag.file("note", "one\n")
      const done = shell(
        "echo two >> /note",
        python().withMountedFile("/note", file),
      )
      expect(await done.file("/note").contents()).toBe("one\ntwo\n")
      expect(await shell("cat /note", done).stdout()).toBe("one\ntwo\n")
      expect(await file.contents()).toBe("one\n")
    })
  })

  test("cannot be written where it is read-only", async () => {
    await withEngine({ store }, async () => {
      const container = python().withMountedDirectory(
        "/src",
        dag.directory().withNewFile("a", "a"),
        { readOnly: true },
      )
      await expect(shell("echo b > /src/a", container).sync()).rejects.toThrow(
        ExecError,
      )
    })
  })

  test("stays, whatever a command removes", async () => {
    await withEngine({ store }, async () => {
      const container = python().withMountedDirectory(
        "/p/m",
        dag.directory().withNewFile("a", "a"),
      )
      const done = shell("rm -rf /p 2> /dev/null; true", container)
      expect(await done.directory("/p/m").entries()).toBeInstanceOf(Array)
    })
  })

  test("a temporary folder is empty for each command", async () => {
    await withEngine({ store }, async () => {
      const container = python().withMountedTemp("/scratch")
      const done = shell("touch /scratch/x; ls /scratch", container)
      expect(await done.stdout()).toBe("x\n")
      expect(await shell("ls /scratch", done).stdout()).toBe("")
    })
  })

  test("leaves no trace on what it was mounted on", async () => {
    await withEngine({ store }, async () => {
      const done = shell(
        "true",
        mounted(dag.directory().withNewFile("a", "a"))
          .withMountedCache("/src/.cache", dag.cacheVolume("trace"))
          .withMountedFile("/deep/er/file", dag.file("f", "f")),
      )
      expect(await done.rootfs().entries()).not.toContain("src/")
      expect(await done.rootfs().entries()).not.toContain("deep/")
      expect(await done.directory("/src").entries()).toEqual(["a"])
    })
  })
})

describe("a container is kept from the host:", () => {
  test("its toolchain is read-only and stays so", async () => {
    await withEngine({ store }, async () => {
      const tries = [
        "touch /usr/x",
        "mount -o remount,rw /usr",
        "umount /usr",
        "mount -t tmpfs none /mnt",
        "echo 1 > /proc/sys/vm/drop_caches",
      ]
      for (const script of tries) {
        await expect(shell(script).sync(), script).rejects.toThrow(ExecError)
      }
    })
  })

  promised("home")("it sees no home, processes or mounts of it", async () => {
    await withEngine({ store }, async () => {
      const looks = await shell(
        "ls -A /root /home /mnt /srv /tmp /sys; ls -d /proc/[0-9]* | wc -l; cat /proc/mounts",
      ).stdout()
      expect(looks).not.toContain(".pypirc")
      expect(looks).not.toContain(store)
      expect(looks).toMatch(/^[1-5]$/m)
      expect(looks).toMatch(/^\/mnt:\n\n/m)
    })
  })

  test("umask and /tmp are its own", async () => {
    const before = process.umask(0o077)
    try {
      await withEngine({ store }, async () => {
        const done = shell("umask; touch /tmp/a; stat -c %a /tmp/a; ls /tmp")
        expect(await done.stdout()).toBe("0022\n644\na\n")
        expect(await shell("ls /tmp", done).stdout()).toBe("a\n")
        expect(readdirSync(join(placeOf(store), "layers"))).not.toEqual([])
      })
    } finally {
      process.umask(before)
    }
  })
})

function mounted(source: Directory) {
  return python().withMountedDirectory("/src", source)
}
