import { execFile } from "node:child_process"
import { createHmac } from "node:crypto"
import { readFile } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { type Engine, once } from "../engine.js"
import { EngineError } from "../errors.js"
import { digestOf } from "../values/digest.js"

/** A value that stays out of layers, logs, cache keys and arguments. */
export interface Secret {
  type: "Secret"
  digest: string
  name: string
  uri: string
  read(): Promise<Buffer>
}

type Provider = (reference: string, engine: Engine) => Promise<Buffer>

/** Where secrets come from, by the scheme of their address. */
const PROVIDERS: Record<string, Provider> = {
  async env(name, { environment }) {
    const value = environment[name]
    if (value === undefined) {
      throw new EngineError(
        `The secret env://${name} is not there: the environment variable ${name} is not set.`,
      )
    }
    return Buffer.from(value)
  },
  async file(reference, { environment, workdir }) {
    const home = environment.HOME ?? os.homedir()
    const place = path.resolve(workdir, reference.replace(/^~(?=\/)/, home))
    return readFile(place).catch((error: Error) => {
      throw new EngineError(
        `The secret file://${reference} cannot be read: ${error.message}.`,
        { cause: error },
      )
    })
  },
  async cmd(command, { environment, workdir }) {
    const run = promisify(execFile)
    const { stdout } = await run("sh", ["-c", command], {
      cwd: workdir,
      env: environment,
      encoding: "buffer",
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error: { code?: number | string }) => {
      throw new EngineError(
        `The command of the secret cmd://${command} failed (${error.code}).`,
      )
    })
    return stdout
  },
}

/**
 * The secret at an address: `env://NAME`, `file://PATH`, `cmd://COMMAND`; the
 * slashes may be left out. It is read when something needs it, as it is then,
 * trailing newlines included.
 *
 * @throws EngineError for any other scheme
 */
export function secretAt(engine: Engine, uri: string): Secret {
  const [, scheme = "", reference = ""] =
    /^([a-z][a-z0-9+-]*):(?:\/\/)?(.*)$/s.exec(uri) ?? []
  const provider = PROVIDERS[scheme]
  if (provider === undefined) {
    const known = Object.keys(PROVIDERS).map((name) => `${name}://`)
    throw new EngineError(
      `The embedded engine has no secrets at ${uri || "an empty address"}: it has ${known.join(", ")}.`,
    )
  }
  const digest = digestOf("secret", scheme, reference)
  return {
    type: "Secret",
    digest,
    name: "",
    uri,
    read: () =>
      once(engine, `secret ${digest}`, () => provider(reference, engine)),
  }
}

/** A secret of this value. The name identifies it to people only. */
export function secretOf(
  engine: Engine,
  name: string,
  plaintext: string,
): Secret {
  const value = Buffer.from(plaintext)
  return {
    type: "Secret",
    digest: digestOf("setSecret", name, sealed(engine, value)),
    name,
    uri: "",
    read: async () => value,
  }
}

/**
 * What stands for a secret in a digest: nobody can find the secret from it
 * without the salt of this store.
 */
export function sealed({ store }: Engine, plaintext: Buffer): string {
  return createHmac("sha256", store.salt).update(plaintext).digest("hex")
}
