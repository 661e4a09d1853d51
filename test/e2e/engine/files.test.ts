import { spawnSync } from "node:child_process"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { type Directory, dag, ExistsType, FileType } from "@dagger.io/dagger"
import { beforeEach, describe, expect, test } from "vitest"

import { python, shell, temporaryFolder, withEngine } from "./engine.js"

const store = temporaryFolder()
const home = temporaryFolder()
let project = ""
let projects = 0

beforeEach(() => {
  project = join(home, String(projects++))
  mkdirSync(join(project, "src/pkg"), { recursive: true })
  mkdirSync(join(project, "node_modules/dep"), { recursive: true })
  writeFileSync(join(project, "README.md"), "read me\n")
  writeFileSync(join(project, "src/pkg/__init__.py"), "")
  writeFileSync(join(project, "src/pkg/code.py"), "print()\n")
  writeFileSync(join(project, "node_modules/dep/index.js"), "0")
  writeFileSync(join(project, ".gitignore"), "node_modules/\n")
  writeFileSync(join(project, "run.sh"), "#!/bin/sh\n")
  chmodSync(join(project, "run.sh"), 0o755)
  symlinkSync("README.md", join(project, "link"))
})

const engine = (use: () => Promise<void>) =>
  withEngine({ store, workdir: project }, use)

describe("a folder of the host", () => {
  test("comes with names, modes and links", async () => {
    await engine(async () => {
      const source = dag.host().directory(".")
      expect(await source.entries()).toEqual([
        ".gitignore",
        "README.md",
        "link",
        "node_modules/",
        "run.sh",
        "src/",
      ])
      const seen = await shell(
        "cd /src; stat -c '%a %n' run.sh README.md src; readlink link; cat link",
        python().withMountedDirectory("/src", source),
      ).stdout()
      expect(seen).toBe(
        "755 run.sh\n644 README.md\n755 src\nREADME.md\nread me\n",
      )
    })
  })

  test("that changes under the reader is told, by the file that went", async () => {
    await engine(async () => {
      // The reader's own descriptor is listed here, and closed a moment later.
      const fleeting = dag.host().directory("/proc/self/fd")
      await expect(fleeting.entries()).rejects.toThrow(
        /^\/proc\/self\/fd\/\d+ went away while \/proc\/self\/fd was read\. Call again/,
      )
    })
  })

  test("comes without what is left out", async () => {
    await engine(async () => {
      const entries = (options: object) =>
        dag.host().directory(".", options).glob("**")
      expect(await entries({ exclude: ["**/node_modules", ".*"] })).toEqual([
        "README.md",
        "link",
        "run.sh",
        "src/",
        "src/pkg/",
        "src/pkg/__init__.py",
        "src/pkg/code.py",
      ])
      expect(await entries({ exclude: ["*", "!src/pkg/code.py"] })).toEqual([
        "src/",
        "src/pkg/",
        "src/pkg/code.py",
      ])
      expect(await entries({ include: ["**/*.py"] })).toEqual([
        "src/",
        "src/pkg/",
        "src/pkg/__init__.py",
        "src/pkg/code.py",
      ])
      expect(await entries({ gitignore: true })).not.toContain("node_modules/")
      expect(await entries({ include: ["none"] })).toEqual([])
    })
  })

  test("is what it was when the call first asked", async () => {
    await engine(async () => {
      const source = dag.host().directory(".")
      expect(await source.file("README.md").contents()).toBe("read me\n")
      writeFileSync(join(project, "README.md"), "changed\n")
      expect(await source.file("README.md").contents()).toBe("read me\n")
    })
    await engine(async () => {
      const file = dag.host().directory(".").file("README.md")
      expect(await file.contents()).toBe("changed\n")
    })
  })

  test("is seen changed, though size and time are the same", async () => {
    const digest = async () => {
      let found = ""
      await engine(async () => {
        found = await dag.host().directory(".").digest()
      })
      return found
    }
    const file = join(project, "README.md")
    const { atime, mtime } = statSync(file)
    const before = await digest()
    expect(await digest()).toBe(before)
    writeFileSync(file, "read us\n")
    utimesSync(file, atime, mtime)
    const after = await digest()
    expect(after).not.toBe(before)
    chmodSync(file, 0o755)
    expect(await digest()).not.toBe(after)
  })

  test("has the same digest elsewhere, and is not copied again", async () => {
    const clone = `${project}-clone`
    spawnSync("cp", ["-r", "--no-dereference", project, clone])
    await engine(async () => {
      const here = dag.host().directory(".")
      const there = dag.host().directory(clone)
      expect(await there.digest()).toBe(await here.digest())
      expect(await there.id()).toBe(await here.id())
    })
  })

  test("is never changed by a command", async () => {
    await engine(async () => {
      const source = dag.host().directory(".")
      const container = python().withMountedDirectory("/src", source)
      await shell(
        "cd /src; echo x >> README.md; rm run.sh; chmod 600 link",
        container,
      ).sync()
      expect(await source.file("README.md").contents()).toBe("read me\n")
      expect(await source.entries()).toContain("run.sh")
    })
    expect(readFileSync(join(project, "README.md"), "utf8")).toBe("read me\n")
  })

  test("that is not there is said to be missing", async () => {
    await engine(async () => {
      const missing = dag.host().directory("gone")
      await expect(missing.entries()).rejects.toThrow(
        /There is no folder .*gone/,
      )
      const file = dag.host().file("gone")
      await expect(file.contents()).rejects.toThrow(/There is no file .*gone/)
    })
  })

  test("may be one file, looked up from below", async () => {
    await engine(async () => {
      expect(await dag.host().file("README.md").contents()).toBe("read me\n")
      expect(await dag.host().findUp("README.md")).toBe("README.md")
      expect(await dag.host().findUp("no-such-name")).toBe(null)
      const address = dag.address(project)
      expect(await address.directory().entries()).toContain("README.md")
      expect(await dag.address(`${project}/README.md`).file().contents()).toBe(
        "read me\n",
      )
      await expect(
        dag.address("https://example.org/a.git").directory().entries(),
      ).rejects.toThrow(/clone it first/)
    })
  })
})

describe("a directory", () => {
  const made = () =>
    dag
      .directory()
      .withNewFile("a/one", "1\n")
      .withNewFile("a/two", "2\n", { permissions: 0o755 })
      .withNewDirectory("empty")
      .withSymlink("a/one", "link")

  test("is changed by values, never in place", async () => {
    await engine(async () => {
      const first = made()
      const second = first
        .withoutFile("a/one")
        .withoutDirectory("empty")
        .withNewFile("a/two", "two\n")
        .withFile("copy", first.file("a/two"))
        .withFiles("files", [first.file("a/one"), first.file("a/two")])
        .withDirectory("deep/er", first.directory("a"), { exclude: ["two"] })
      expect(await first.glob("**")).toEqual([
        "a/",
        "a/one",
        "a/two",
        "empty/",
        "link",
      ])
      expect(await second.glob("**")).toEqual([
        "a/",
        "a/two",
        "copy",
        "deep/",
        "deep/er/",
        "deep/er/one",
        "files/",
        "files/one",
        "files/two",
        "link",
      ])
      expect(await second.file("copy").contents()).toBe("2\n")
      expect(await second.file("a/two").contents()).toBe("two\n")
    })
  })

  test("tells what it has", async () => {
    await engine(async () => {
      const directory = made()
      expect(await directory.entries({ path: "a" })).toEqual(["one", "two"])
      expect(await directory.glob("a/t*")).toEqual(["a/two"])
      expect(await directory.exists("a/one")).toBe(true)
      expect(await directory.exists("a/three")).toBe(false)
      const isA = (path: string, expectedType: ExistsType) =>
        directory.exists(path, { expectedType })
      expect(await isA("a", ExistsType.DirectoryType)).toBe(true)
      expect(await isA("a", ExistsType.RegularType)).toBe(false)
      expect(await isA("link", ExistsType.SymlinkType)).toBe(true)
      const stat = directory.stat("a/two")
      expect(await stat.fileType()).toBe(FileType.Regular)
      expect(await stat.permissions()).toBe(0o755)
      expect(await stat.size()).toBe(2)
      expect(await directory.directory("a").name()).toBe("a/")
      expect(await directory.findUp("link", "a")).toBe("link")
      await expect(directory.file("gone").contents()).rejects.toThrow(
        /There is no file \/gone/,
      )
      await expect(directory.directory("gone").entries()).rejects.toThrow(
        /There is no directory \/gone/,
      )
    })
  })

  test("gives way as the Dagger engine has it", async () => {
    await engine(async () => {
      const file = dag.file("f", "1")
      const folder = dag.directory().withNewFile("b", "2")
      const glob = (directory: Directory) => directory.glob("**")
      const has = dag.directory().withNewFile("a", "1")
      expect(await glob(has.withDirectory("a", folder))).toEqual(["a/", "a/b"])
      expect(await glob(folder.withFile("x/", file))).toEqual([
        "b",
        "x/",
        "x/f",
      ])
      const into = dag.directory().withNewDirectory("x").withFile("x", file)
      expect(await glob(into)).toEqual(["x/", "x/f"])
      await expect(
        glob(dag.directory().withDirectory("a", folder).withNewFile("a", "2")),
      ).rejects.toThrow(/a is a directory/)
      expect(await glob(made().withoutFile("a/*"))).toEqual([
        "a/",
        "empty/",
        "link",
      ])
      await expect(dag.file("a/b", "").name()).rejects.toThrow(
        /no folder in it/,
      )
    })
  })

  test("loses several files at once", async () => {
    await engine(async () => {
      const less = made().withoutFiles(["a/one", "link"])
      expect(await less.glob("**")).toEqual(["a/", "a/two", "empty/"])
      expect(await made().withoutFiles([]).glob("**")).toContain("link")
    })
  })

  test("has the usual permissions where null is given", async () => {
    await withEngine({ store, workdir: project }, async ({ session }) => {
      const { data, errors } = await session.query(`{
        file: directory {
          withNewFile(path: "x", contents: "", permissions: null) {
            stat(path: "x") { permissions }
          }
        }
        folder: directory {
          withNewDirectory(path: "x", permissions: null) {
            stat(path: "x") { permissions }
          }
        }
      }`)
      expect(errors).toBeUndefined()
      expect(JSON.parse(JSON.stringify(data))).toEqual({
        file: { withNewFile: { stat: { permissions: 0o644 } } },
        // A folder that cannot be entered is of no use to anybody.
        folder: { withNewDirectory: { stat: { permissions: 0o755 } } },
      })
    })
  })

  test("is filtered", async () => {
    await engine(async () => {
      const filtered = made().filter({ include: ["a"], exclude: ["**/two"] })
      expect(await filtered.glob("**")).toEqual(["a/", "a/one"])
    })
  })

  test("has the times it is given, without a change to where it is from", async () => {
    await engine(async () => {
      const source = dag.host().directory(".")
      const fixed = source.withTimestamps(1_000_000_000)
      const times = (directory: Directory) =>
        shell(
          "stat -c %Y /src /src/README.md /src/link | sort -u",
          python().withMountedDirectory("/src", directory),
        ).stdout()
      expect(await times(fixed)).toBe("1000000000\n")
      expect(await times(source)).not.toContain("1000000000")
      const copied = dag
        .directory()
        .withDirectory("/", source)
        .withTimestamps(1_100_000_000)
      expect(await times(copied)).toBe("1100000000\n")
      expect(await times(source)).not.toContain("1100000000")
      expect(await times(fixed)).toBe("1000000000\n")
    })
  })

  test("follows links inside itself, never out", async () => {
    await engine(async () => {
      const directory = dag
        .directory()
        .withNewFile("etc/passwd", "own\n")
        .withSymlink("/etc", "absolute")
        .withSymlink("../../../etc", "climbing")
        .withSymlink("round", "round")
      expect(await directory.file("absolute/passwd").contents()).toBe("own\n")
      expect(await directory.file("climbing/passwd").contents()).toBe("own\n")
      expect(await directory.file("../../etc/passwd").contents()).toBe("own\n")
      await expect(directory.file("round").contents()).rejects.toThrow(
        /round in symbolic links/,
      )
    })
  })

  test("is exported over what is there, or in its place", async () => {
    const target = join(home, "export")
    await engine(async () => {
      expect(await made().export(target)).toBe(target)
      writeFileSync(join(target, "other"), "other")
      await dag.directory().withNewFile("a/one", "new\n").export(target)
      expect(readFileSync(join(target, "a/one"), "utf8")).toBe("new\n")
      expect(statSync(join(target, "a/two")).mode & 0o777).toBe(0o755)
      expect(existsSync(join(target, "other"))).toBe(true)
      await made().export(target, { wipe: true })
      expect(existsSync(join(target, "other"))).toBe(false)
    })
  })

  test("can fail on purpose", async () => {
    await engine(async () => {
      await expect(
        dag.directory().withError("not today").entries(),
      ).rejects.toThrow("not today")
      expect(await made().withError("").entries()).toContain("link")
    })
  })
})

describe("a file", () => {
  test("has a name, a size, a digest and lines", async () => {
    await engine(async () => {
      const file = dag.file("lines", "1\n2\n3\n4")
      expect(await file.name()).toBe("lines")
      expect(await file.size()).toBe(7)
      expect(await file.contents({ offsetLines: 1, limitLines: 2 })).toBe(
        "2\n3\n",
      )
      expect(await file.withName("other").name()).toBe("other")
      const executable = dag.file("x", "1\n2\n3\n4", { permissions: 0o755 })
      expect(await executable.digest()).not.toBe(await file.digest())
      const contentOf = (one: typeof file) =>
        one.digest({ excludeMetadata: true })
      expect(await contentOf(executable)).toBe(await contentOf(file))
    })
  })

  test("is exported to a path, or into a folder where asked", async () => {
    await engine(async () => {
      const file = dag.file("note", "text")
      const target = join(home, "deep/copy")
      expect(await file.export(target)).toBe(target)
      expect(readFileSync(target, "utf8")).toBe("text")
      await expect(file.export(home)).rejects.toThrow(/is a folder/)
      const inside = await file.export(home, { allowParentDirPath: true })
      expect(inside).toBe(join(home, "note"))
    })
  })
})

describe("a container's files", () => {
  test("are written and removed", async () => {
    await engine(async () => {
      const container = python()
        .withNewFile("/app/a.txt", "a")
        .withFile("/app/b/", dag.file("b.txt", "b"))
        .withDirectory("/app/src", dag.host().directory("."), {
          include: ["src"],
        })
        .withSymlink("a.txt", "/app/link")
        .withWorkdir("/app")
      expect(await container.file("link").contents()).toBe("a")
      expect(await shell("find . -type f | sort", container).stdout()).toBe(
        "./a.txt\n./b/b.txt\n./src/src/pkg/__init__.py\n./src/src/pkg/code.py\n",
      )
      const less = container.withoutFile("a.txt").withoutDirectory("src")
      expect(await shell("find . -type f", less).stdout()).toBe("./b/b.txt\n")
      expect(await less.exists("link", { doNotFollowSymlinks: true })).toBe(
        true,
      )
      expect(await less.exists("link")).toBe(false)
    })
  })

  test("of the toolchain can be read, not written", async () => {
    await engine(async () => {
      const container = python()
      expect(await container.file("/usr/bin/env").size()).toBeGreaterThan(0)
      await expect(
        container.withNewFile("/usr/bin/x", "").sync(),
      ).rejects.toThrow(/read-only/)
      const own = container.withNewFile(
        "/usr/local/bin/x",
        "#!/bin/sh\necho x",
        {
          permissions: 0o755,
        },
      )
      expect(await own.withExec(["x"]).stdout()).toBe("x\n")
    })
  })

  test("in a mounted directory are changed there", async () => {
    await engine(async () => {
      const mounted = python()
        .withMountedDirectory("/src", dag.host().directory("."))
        .withNewFile("/src/new", "new")
      expect(await mounted.directory("/src").entries()).toContain("new")
      expect(await mounted.rootfs().entries()).not.toContain("src/")
      expect(await shell("cat /src/new", mounted).stdout()).toBe("new")
      expect(await mounted.mounts()).toEqual(["/src"])
      const bare = mounted.withoutMount("/src")
      expect(await bare.exists("/src/new")).toBe(false)
    })
  })
})

describe("a changeset", () => {
  test("tells what changed, and applies it elsewhere", async () => {
    await engine(async () => {
      const before = dag.host().directory(".")
      const after = before
        .withNewFile("README.md", "other\n")
        .withNewFile("added/file", "new\n")
        .withoutDirectory("node_modules")
      const changes = after.changes(before)
      expect(await changes.addedPaths()).toEqual(["added/", "added/file"])
      expect(await changes.modifiedPaths()).toEqual(["README.md"])
      expect(await changes.removedPaths()).toEqual(["node_modules/"])
      expect(await changes.isEmpty()).toBe(false)
      expect(await before.changes(before).isEmpty()).toBe(true)
      expect(await changes.layer().glob("**")).toEqual([
        "README.md",
        "added/",
        "added/file",
      ])
      const patch = await changes.asPatch().contents()
      expect(patch).toContain("-read me\n+other\n")
      expect(patch).toContain("diff --git a/added/file b/added/file")
      expect(await before.withChanges(changes).digest()).toBe(
        await after.digest(),
      )
      const target = join(home, "changed")
      spawnSync("cp", ["-r", "--no-dereference", project, target])
      await changes.export(target)
      expect(existsSync(join(target, "node_modules"))).toBe(false)
      expect(readFileSync(join(target, "README.md"), "utf8")).toBe("other\n")
    })
  })
})
