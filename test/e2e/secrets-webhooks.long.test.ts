import { randomBytes } from "node:crypto"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { RECEIPT } from "../fixtures/receipt.js"
import { type GitHub, startGitHub } from "../servers/github/server.js"
import { type PypiServer, startPypiserver } from "../servers/pypiserver.js"
import {
  DISCORD,
  SLACK,
  startWebhooks,
  type WebhookServer,
} from "../servers/webhooks.js"
import { engine } from "./call.js"
import { newCache } from "./kills.js"
import { attached, type Built, built, push, releaseArgs } from "./release.js"
import { startCall } from "./start.js"
import { filesContaining } from "./traces.js"
import { printed, type Watched, watched } from "./watched.js"

const random = () => randomBytes(16).toString("hex")
const CANARIES = {
  token: `ghs_${random()}`,
  slack: `slack${random()}`,
  discord: `discord${random()}`,
}
// As they stand in HTTP headers, and in URLs that are encoded once more.
const forms = Object.values(CANARIES).flatMap((it) => [
  it,
  Buffer.from(it).toString("base64").replace(/=+$/, ""),
  Buffer.from(`x-access-token:${it}`).toString("base64").replace(/=+$/, ""),
])

// The process list and the store of a Dagger engine are not this machine's.
describe.runIf(engine === "embedded")(
  "a token of GitHub and the URLs of webhooks",
  () => {
    let github: GitHub
    let slack: WebhookServer
    let discord: WebhookServer
    let index: PypiServer
    let one: Built
    const cache = newCache()
    const runs: Record<string, Watched> = {}

    const environment = () => ({
      GITHUB_TOKEN: CANARIES.token,
      SLACK: `http://slack:${slack.port}/services/T1/B1/${CANARIES.slack}`,
      DISCORD: `http://discord:${discord.port}/api/webhooks/1/${CANARIES.discord}`,
    })
    const watch = async (name: string, ...args: string[]) => {
      runs[name] = await watched(args, cache, environment())
    }
    const receipt = join(mkdtempSync(join(tmpdir(), "receipt-")), "r.json")
    const notify = (name: string, ...flags: string[]) =>
      watch(
        ...[name, "notify", `--receipt=${receipt}`, "--slack=env:SLACK"],
        `--slack-service=tcp://127.0.0.1:${slack.port}`,
        "--discord=env:DISCORD",
        `--discord-service=tcp://127.0.0.1:${discord.port}`,
        ...flags,
      )
    const release = (name: string, ...flags: string[]) => {
      const args = releaseArgs(github, one, "--deadline=60", ...flags)
      return watch(name, ...args)
    }

    beforeAll(async () => {
      writeFileSync(receipt, JSON.stringify(RECEIPT))
      slack = await startWebhooks(SLACK)
      discord = await startWebhooks(DISCORD)
      github = await startGitHub(CANARIES.token)
      index = await startPypiserver()
      one = await built("v1.1.0", async (source) => {
        const dist = join(newCache(), "dist")
        const words = ["build", `--source=${source}`, "export"]
        await startCall([...words, `--path=${dist}`], { cache }).ended
        return dist
      })
      // Refused first, with the token in a command that fails.
      await release("no tag", "--debug")
      push(github, one.repository, "v1.1.0")
      github.fail(/^POST .*assets$/, "half", "lost")
      await release("released", "--debug")
      await release("released again", "--format=json")
      await watch(
        ...["rolled back", "rollback", `--source=${one.repository.path}`],
        ...["--version=1.1.0", `--index=http://index:${index.port}/`],
        `--index-service=tcp://127.0.0.1:${index.port}`,
        ...["--repository=me/demo", "--token=env:GITHUB_TOKEN", "--apply"],
        ...["--deadline=60", `--api=http://github:${github.port}`],
        `--api-service=tcp://127.0.0.1:${github.port}`,
      )
      await notify("told", "--debug")
      slack.next("gone")
      discord.next("gone")
      await notify("refused", "--debug", "--format=json")
      // Nobody is there: the URL is in a command that cannot reach it.
      await slack.stop()
      await notify("unreachable", "--debug")
    }, 400_000)
    afterAll(() =>
      Promise.all([github, discord, index].map((it) => it?.stop())),
    )

    test("were used", () => {
      const codes = Object.values(runs).map((it) => it.outcome.exitCode)
      expect(codes).toEqual([1, 0, 0, 0, 0, 0, 0])
      expect(github.state.releases[0]?.draft).toBe(true)
      expect(github.state.releases[0]?.assets).toHaveLength(one.files.size)
      expect(attached(github).size).toBe(0)
      expect(slack.taken).toHaveLength(1)
      expect(discord.taken.length).toBeGreaterThan(0)
    })

    test("are on no stdout or stderr, --debug included, and in no report", () => {
      for (const run of Object.values(runs))
        for (const form of forms) expect(printed(run)).not.toContain(form)
      expect(printed(runs.refused as Watched)).toContain("no_service")
    })

    test("are in nothing that GitHub, Slack or Discord was sent to show", () => {
      const shown = JSON.stringify([
        github.state.releases.map(({ body, name }) => [body, name]),
        ...[slack.taken, discord.taken],
      ])
      expect(shown).toContain("demo 1.0 is published")
      for (const form of forms) expect(shown).not.toContain(form)
    })

    test("are in no process's arguments", () => {
      const all = Object.values(runs).flatMap((run) => run.seen)
      // The watch works: it saw the calls and the commands that they ran.
      expect(all.join("\n")).toContain("--token=env:GITHUB_TOKEN")
      expect(all.join("\n")).toMatch(/notify\.py/)
      expect(all.join("\n")).toMatch(/act\.ts/)
      for (const form of forms)
        expect(all.filter((line) => line.includes(form))).toEqual([])
    })

    test("are in no file of the store, by name or content", () => {
      // The search works: what was released is found.
      expect(filesContaining(cache, "greeter-1.1.0")).not.toEqual([])
      expect(filesContaining(cache, ...forms)).toEqual([])
    })
  },
)
