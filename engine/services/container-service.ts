import { mkdir, readFile } from "node:fs/promises"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { openCaches } from "../caches/cache.js"
import type { Engine } from "../engine.js"
import { EngineError, ExecFailure, quoteCommand } from "../errors.js"
import { readSecrets } from "../exec/prepare.js"
import { startCommand } from "../exec/run.js"
import { outputTail } from "../exec/tail.js"
import { workFolder } from "../store/store.js"
import { isListening, untilListening } from "./ports.js"
import type { Service } from "./service.js"
import type { StartedService } from "./services.js"

const GRACE = 10_000

/**
 * Starts a command and waits until each exposed port answers. The network is
 * the host's, so its ports have to be free.
 *
 * @throws EngineError for a taken port, or with what it printed when it ends
 */
export async function startContainerService(
  engine: Engine,
  service: Extract<Service, { kind: "container" }>,
): Promise<StartedService> {
  const { container, options, digest } = service
  const name = quoteCommand(options.command)
  for (const { port } of container.ports) {
    if (await isListening(port)) {
      throw new EngineError(
        `The service ${name} cannot start: port ${port} of this machine is taken.`,
      )
    }
  }
  let stopping = false
  const inner = await engine.services.use(container.services)
  const folder = await workFolder(engine.store)
  const output = path.join(folder, "record")
  await mkdir(output)
  const secrets = await readSecrets(container)
  const caches = await openCaches(engine.store, container)
  let ended = false
  const release = async () => {
    ended = true
    await Promise.all(Object.values(caches).map((cache) => cache.release()))
  }
  // One that is stopped has done its work.
  const isDone = () => stopping
  const command = { digest, container, options, secrets, folder, output }
  const { running } = await startCommand(
    engine,
    { ...command, isDone },
    caches,
  ).catch(async (error) => {
    await release()
    throw error
  })
  inner.broken.catch(() => running.kill())
  const exit = running.exit.finally(release)
  const broken = exit.then(async (code): Promise<never> => {
    if (stopping) {
      return new Promise<never>(() => {})
    }
    const [said, stdout, stderr] = await Promise.all(
      ["output", "stdout", "stderr"].map(async (file) =>
        outputTail(await readFile(path.join(output, file))),
      ),
    )
    throw new ExecFailure(
      options.command,
      code,
      { stdout: `${stdout}`, stderr: `${stderr}` },
      `The service ${name} ended with exit code ${code}${said ? `:\n${said}` : "."}`,
    )
  })
  broken.catch(() => {})
  const awaited = container.ports.filter(
    ({ protocol, skipHealthcheck }) => protocol === "TCP" && !skipHealthcheck,
  )
  await Promise.race([
    broken,
    Promise.all(awaited.map(({ port }) => untilListening(port, () => ended))),
  ])
  // It may have ended at the moment that somebody else took its port.
  if (ended) {
    await broken
  }
  return {
    broken,
    async stop(kill) {
      stopping = true
      if (!kill) {
        await running.signal("SIGTERM")
        await Promise.race([exit, sleep(GRACE, undefined, { ref: false })])
      }
      running.kill()
      await exit.catch(() => {})
    },
  }
}
