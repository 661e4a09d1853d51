import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { jobClaims } from "../../../../dagger/src/claims.js"
import { makeSdist, makeWheel } from "../../../fixtures/distribution.js"
import { root } from "../../../root.js"
import { type Pypi, startPypi } from "../../../servers/pypi/start.js"
import { run } from "../../../servers/run.js"
import { uvPath } from "../../../servers/uv.js"

// What real clients say is what the index is measured by.
const LONG = 120_000

let index: Pypi
let folder: string
beforeAll(async () => {
  index = await startPypi()
  folder = mkdtempSync(join(tmpdir(), "clients-"))
})
afterAll(() => index.stop())

const distribution = async (name: string) => {
  const options = { name, version: "1.0" }
  return [makeWheel(folder, options), await makeSdist(folder, options)]
}
const trusting = () => ({
  ...process.env,
  SSL_CERT_FILE: index.authority.file,
  REQUESTS_CA_BUNDLE: index.authority.file,
})
const stored = (name: string) =>
  [...(index.holdings.projects.get(name)?.releases.get("1.0")?.files ?? [])]
    .map(([file]) => file)
    .sort()

test(
  "uv uploads with a token, and installs what it uploaded",
  async () => {
    const files = await distribution("by-uv")
    const url = `${index.url}/legacy/`
    await run(uvPath(), ["publish", "--publish-url", url, ...files], {
      env: { ...trusting(), UV_PUBLISH_TOKEN: index.token() },
    })
    expect(stored("by-uv")).toEqual([
      "by_uv-1.0-py3-none-any.whl",
      "by_uv-1.0.tar.gz",
    ])
    const target = join(folder, "installed")
    await run(
      uvPath(),
      [
        ...["pip", "install", "--no-cache", "--target", target, "by-uv==1.0"],
        ...["--default-index", `${index.url}/simple/`],
      ],
      { env: trusting() },
    )
  },
  LONG,
)

test(
  "uv mints a token by trusted publishing",
  async () => {
    index.issuer.claims = jobClaims("example/trusted", "publish.yml", "pypi")
    index.registerPending({
      ...{ owner: "example", ownerId: "12345", repository: "trusted" },
      ...{ workflow: "publish.yml", environment: "pypi" },
      ...{ project: "trusted", user: "uploader" },
    })
    const files = await distribution("trusted")
    const url = `https://127.0.0.1:${index.port}/legacy/`
    await run(
      uvPath(),
      [
        ...["publish", "--trusted-publishing", "always"],
        ...["--publish-url", url, ...files],
      ],
      {
        env: {
          ...trusting(),
          GITHUB_ACTIONS: "true",
          ACTIONS_ID_TOKEN_REQUEST_URL: `https://127.0.0.1:${index.port}/actions/id-token?api-version=2.0`,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: index.issuer.requestToken,
        },
      },
    )
    expect(stored("trusted")).toHaveLength(2)
    expect(index.issuer.given).toHaveLength(1)
  },
  LONG,
)

test(
  "twine uploads, and shows the reason of a refusal",
  async () => {
    const files = await distribution("by-twine")
    const upload = (token: string) =>
      run(
        uvPath(),
        [
          ...["run", "--quiet", "--frozen", "--only-group=release"],
          ...[`--project=${join(root, "dagger/tools")}`, "twine", "upload"],
          ...["--non-interactive", "--disable-progress-bar"],
          "--username=__token__",
          ...["--repository-url", `${index.url}/legacy/`, ...files],
        ],
        {
          env: {
            ...trusting(),
            UV_PROJECT_ENVIRONMENT: join(folder, "release"),
            TWINE_PASSWORD: token,
          },
        },
      )
    await upload(index.token())
    expect(stored("by-twine")).toHaveLength(2)
    index.project("by-twine").status = "archived"
    await expect(upload(index.token())).rejects.toThrow(
      /The user 'uploader' isn't allowed/,
    )
  },
  LONG,
)
