import type { Engine } from "../engine.js"
import { EngineError } from "../errors.js"
import type { ServiceBinding } from "../values/container.js"
import { startContainerService } from "./container-service.js"
import { startHostService } from "./host-service.js"
import type { Service } from "./service.js"

/** A service that runs. */
export interface StartedService {
  /** Fails when it ends before it is stopped. Never resolves. */
  broken: Promise<never>
  stop(kill: boolean): Promise<void>
}

const NEVER = new Promise<never>(() => {})

/**
 * The services of a session: each is started when it is first needed, is there
 * for everybody from then on, and ends with the session.
 */
export class Services {
  private readonly started = new Map<string, Promise<StartedService>>()
  private readonly ending = new AbortController()

  constructor(private readonly engine: () => Engine) {}

  /** Starts a service, unless it runs, and waits until its ports answer. */
  start(service: Service): Promise<StartedService> {
    const known = this.started.get(service.digest)
    if (known !== undefined) {
      return known
    }
    const starting = this.run(service)
    this.started.set(service.digest, starting)
    const forget = () => {
      if (this.started.get(service.digest) === starting) {
        this.started.delete(service.digest)
      }
    }
    // One that ended may be started again by who needs it next.
    starting.then(({ broken }) => broken.catch(forget), forget)
    return starting
  }

  private async run(service: Service): Promise<StartedService> {
    if (service.kind === "container") {
      return startContainerService(this.engine(), service)
    }
    if (service.kind === "host") {
      return startHostService(service)
    }
    const { upstream, forwards } = service
    const { broken } = await this.start(upstream)
    const { stop } = await startHostService({ host: "127.0.0.1", forwards })
    return { broken, stop }
  }

  /**
   * Starts what a command is bound to.
   *
   * @returns a promise (in an object, not to be waited for) that fails when one
   *   of them ends
   */
  async use(
    bindings: readonly ServiceBinding[],
  ): Promise<Pick<StartedService, "broken">> {
    const started = await Promise.all(
      bindings.map(({ service }) => this.start(service)),
    )
    const broken = Promise.race([NEVER, ...started.map((one) => one.broken)])
    broken.catch(() => {})
    return { broken }
  }

  /** Stops a service if it runs. */
  async stop(service: Service, kill: boolean): Promise<void> {
    const starting = this.started.get(service.digest)
    this.started.delete(service.digest)
    const started = await starting?.catch(() => undefined)
    await started?.stop(kill)
  }

  /** Waits until a service that was started ends: an error, as is the session's end. */
  async wait({ broken }: StartedService): Promise<never> {
    const { signal } = this.ending
    const closed = new Promise<never>((_, reject) => {
      const end = () => reject(new EngineError("The session ended."))
      signal.addEventListener("abort", end, { once: true })
    })
    return Promise.race([broken, closed])
  }

  /** Stops all of them. */
  async close(): Promise<void> {
    this.ending.abort()
    const all = [...this.started.values()]
    this.started.clear()
    await Promise.all(
      all.map(async (starting) => {
        const started = await starting.catch(() => undefined)
        await started?.stop(true)
      }),
    )
  }
}
