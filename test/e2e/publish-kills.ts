import { readFileSync } from "node:fs"
import { join } from "node:path"

import { MANIFEST, type Manifest } from "../../dagger/src/manifest.js"
import { makeDist } from "../fixtures/distribution.js"
import { startPypi } from "../servers/pypi/start.js"
import { judge, stored } from "../soak/truth.js"
import { leftOf, random, signalAfter } from "./interruption.js"
import type { Kill } from "./kills.js"
import { newCache } from "./kills.js"
import { indexFlags, placeOf } from "./place.js"
import { startCall } from "./start.js"

const PROJECT = "killed"

/**
 * Kills `./call publish --dist` with SIGKILL at random moments, each time on a
 * new version and an index that takes its time. The same publish must then
 * end with the index complete, and with the very bytes of the folder.
 */
export async function* publishKills(
  count: number,
  seed: number,
): AsyncGenerator<Kill> {
  const index = await startPypi()
  const cache = newCache()
  const next = random(seed)
  const publish = (dist: string) =>
    startCall(
      [
        ...["publish", ...indexFlags(placeOf(index)), `--dist=${dist}`],
        ...["--token=env:INDEX_TOKEN", "--format=json"],
      ],
      { cache, environment: { INDEX_TOKEN: index.token() } },
    )
  const release = async (version: string) => {
    const dist = await makeDist({ name: PROJECT, version })
    const manifest = readFileSync(join(dist, MANIFEST), "utf8")
    return { dist, files: (JSON.parse(manifest) as Manifest).files }
  }
  try {
    // The first fills the store, the second tells how long a publish takes.
    let duration = 0
    for (const version of ["0.1", "0.2"]) {
      const { dist } = await release(version)
      const start = Date.now()
      const { exitCode, stderr } = await publish(dist).ended
      if (exitCode !== 0) throw new Error(`publish fails: ${stderr}`)
      duration = Date.now() - start
    }
    index.switches.thinking = 0.3 // so that kills meet uploads
    for (let number = 1; number <= count; number++) {
      const version = `1.${number}`
      const { dist, files } = await release(version)
      const moment = Math.round(next() * (duration + 600))
      const killed = await signalAfter(publish(dist), moment, "SIGKILL")
      const left = await leftOf(cache)
      const faults = left.map((it) => `left behind: ${it}`)
      const { exitCode, stdout, stderr } = await publish(dist).ended
      const said = exitCode === 0 ? JSON.parse(stdout).files : []
      const there = stored(index, PROJECT, version)
      const judgement = judge(files, there, { exitCode, files: said })
      if (exitCode !== 0) faults.push(`the next publish failed: ${stderr}`)
      if (!judgement.complete) faults.push("the index is not complete")
      if (judgement.wrongBytes) faults.push("other bytes are on the index")
      if (judgement.misreported) faults.push("the receipt is not true")
      yield { moment, cold: false, exitCode: killed.exitCode, faults }
    }
  } finally {
    await index.stop()
  }
}
