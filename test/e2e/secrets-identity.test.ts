import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { jobClaims } from "../../dagger/src/claims.js"
import { makeDist } from "../fixtures/distribution.js"
import { type Pypi, startPypi } from "../servers/pypi/start.js"
import { engine } from "./call.js"
import { indexFlags, placeOf } from "./place.js"
import { jobVariables } from "./pypi.js"
import { filesContaining } from "./traces.js"
import { printed, type Watched, watched } from "./watched.js"

const claims = jobClaims("example/greeter", "publish.yml", "pypi")

// The process list and the store of a Dagger engine are not this machine's.
describe.runIf(engine === "embedded")("an identity that publish used", () => {
  let index: Pypi
  let cache: string
  const runs: Watched[] = []
  /** What each was used as, and how often there must be one. */
  const canaries: [name: string, values: string[], least: number][] = []

  beforeAll(async () => {
    index = await startPypi()
    index.register("canary", {
      ...{ owner: "example", repository: "greeter", workflow: "publish.yml" },
    })
    index.issuer.claims = claims
    cache = mkdtempSync(join(tmpdir(), "canary-store-"))
    const used = await index.issuer.sign(claims)
    const variables = { ...jobVariables(index), ID_TOKEN: used }
    const job = [
      "--oidc-request-url=env:OIDC_URL",
      "--oidc-request-token=env:OIDC_TOKEN",
    ]
    const publish = async (version: string, ...flags: string[]) => {
      const dist = await makeDist({ name: "canary", version })
      const args = ["publish", ...indexFlags(placeOf(index)), `--dist=${dist}`]
      runs.push(await watched([...args, ...flags], cache, variables))
    }
    // Signing asks for an identity, too, whether Sigstore answers or not.
    await publish("1.0", ...job, "--debug")
    await publish("1.2", "--id-token=env:ID_TOKEN", "--format=markdown")
    await publish("1.3", "--id-token=env:ID_TOKEN", "--debug")
    index.issuer.claims = { ...claims, repository: "example/other" }
    await publish("1.4", ...job, "--attestations=off", "--debug")
    await publish("1.5", ...job, "--attestations=off", "--dry-run")
    canaries.push(
      ["the request token", [index.issuer.requestToken], 1],
      ["an identity token", [...index.issuer.given, used], 4],
      ["a minted token", index.tokens.issued, 2],
    )
  })
  afterAll(() => index?.stop())

  /** The secrets, and as they stand in an HTTP header. */
  const spelled = () =>
    canaries.flatMap(([, values]) => [
      ...values,
      ...values.map((it) => Buffer.from(`__token__:${it}`).toString("base64")),
      // A token is known by each of its parts.
      ...values.flatMap((it) => it.split(".").slice(1)),
    ])

  test("was used: uploads are there, and refusals were told", () => {
    expect(runs.map((run) => run.outcome.exitCode)).toEqual([0, 0, 1, 1, 0])
    for (const [, values, least] of canaries)
      expect(values.length).toBeGreaterThanOrEqual(least)
    expect(printed(runs[2] as Watched)).toMatch(/already used/)
    expect(printed(runs[3] as Watched)).toMatch(/example\/other/)
  })

  test("is not on stdout or stderr, --debug included, nor in a receipt", () => {
    const all = runs.map(printed).join("\n")
    expect(all).toContain("publish.yml")
    for (const value of spelled()) expect(all).not.toContain(value)
  })

  test("is in no process's arguments", () => {
    const all = runs.flatMap((run) => run.seen).join("\n")
    // The watch works: it saw the call and the commands that it ran.
    expect(all).toContain("--oidc-request-token=env:OIDC_TOKEN")
    expect(all).toMatch(/upload\.py/)
    for (const value of spelled()) expect(all).not.toContain(value)
  })

  test("is in no file of the store, by name or content", () => {
    // The search works: what was uploaded is found.
    expect(filesContaining(cache, "canary-1.0.tar.gz")).not.toEqual([])
    expect(filesContaining(cache, ...spelled())).toEqual([])
  })
})
