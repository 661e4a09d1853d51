import { mkdtempSync } from "node:fs"
import { loadavg, tmpdir } from "node:os"
import { join } from "node:path"

import { largeRepository } from "../test/fixtures/large.js"
import { root } from "../test/root.js"
import { ownTemporaryFolder } from "../test/temporary.js"
import { environment } from "./checks.js"
import { type Measurement, measure } from "./measure.js"
import { spread } from "./statistics.js"

/**
 * `npm run bench:scale`: `./call version` on 50,000 commits, 5,000 tags and
 * 30,000 files, and on a small repository, in one store. The build
 * requirements are installed before: they are the same for both.
 */
const LARGE = { commits: 50_000, tags: 5_000, files: 30_000 }
const SMALL = { commits: 20, tags: 2, files: 10 }
const ROUNDS = 5

const removeTemporaryFolder = ownTemporaryFolder()
const folder = mkdtempSync(join(tmpdir(), "bench-scale-"))
const store = { XDG_CACHE_HOME: join(folder, "cache") }

function version(repository: string): Promise<Measurement> {
  const args = ["version", `--source=${repository}`]
  const env = { ...environment(), ...store }
  return measure(join(root, "call"), args, { cwd: root, env })
}

function line(name: string, rounds: Measurement[], target: string): void {
  const { median } = spread(rounds.map(({ seconds }) => seconds))
  const memory = Math.max(...rounds.map(({ mebibytes }) => mebibytes))
  console.log(
    `${name}: ${median.toFixed(2)} s, ${memory.toFixed(0)} MiB${target}`,
  )
}

console.log("Making the repositories takes a minute or two.")
const small = largeRepository(folder, SMALL)
const large = largeRepository(folder, LARGE)
await version(small)
const first = await version(large)
const rounds: Record<"small" | "large", Measurement[]> = {
  small: [],
  large: [],
}
for (let round = 0; round < ROUNDS; round++) {
  rounds.small.push(await version(small))
  rounds.large.push(await version(large))
}
line("first version, large", [first], " (at most 10 s)")
line("again, small", rounds.small, "")
line("again, large", rounds.large, " (at most three times the small one)")
console.log(`load ${loadavg()[0]?.toFixed(1)}`)
removeTemporaryFolder()
