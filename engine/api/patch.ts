import { execFile } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import type { Engine } from "../engine.js"
import { copyChanged } from "../filesystem/changes.js"
import { inFolder } from "../filesystem/look.js"
import { workFolder } from "../store/store.js"
import type { Changeset } from "../values/values.js"

const run = promisify(execFile)

// Files are taken as they are, whatever the project's .gitattributes say.
const ATTRIBUTES = "* -text -filter -ident -working-tree-encoding\n"

/**
 * Writes `diff.patch`: the changes as git writes them, in a repository made
 * for it, so that no one's settings change it.
 */
export async function writePatch(
  engine: Engine,
  { before, after }: Changeset,
  folder: string,
): Promise<void> {
  const work = await workFolder(engine.store)
  const side = (name: string) => path.join(work, name)
  for (const name of ["before", "after"]) {
    mkdirSync(side(name))
  }
  await inFolder(engine, before, (old) =>
    inFolder(engine, after, async (now) => {
      await copyChanged(now, old, side("before"))
      await copyChanged(old, now, side("after"))
    }),
  )
  const git = async (...args: string[]): Promise<Buffer> => {
    const { stdout } = await run("git", args, {
      cwd: work,
      env: {
        PATH: engine.environment.PATH,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_DIR: side("git"),
      },
      encoding: "buffer",
      maxBuffer: 1024 * 1024 * 1024,
    })
    return stdout
  }
  await git("init", "--quiet", "--bare", side("git"))
  mkdirSync(path.join(side("git"), "info"), { recursive: true })
  writeFileSync(path.join(side("git"), "info/attributes"), ATTRIBUTES)
  const trees: string[] = []
  for (const name of ["before", "after"]) {
    await git("read-tree", "--empty")
    await git("--work-tree", side(name), "add", "--all", "--force", ".")
    trees.push((await git("write-tree")).toString().trim())
  }
  const patch = await git("diff", "--binary", "--no-renames", ...trees)
  writeFileSync(path.join(folder, "diff.patch"), patch)
}
