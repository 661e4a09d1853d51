import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { REFUSALS, refusalIds } from "../../../servers/pypi/refusals.js"
import { type Pypi, startPypi } from "../../../servers/pypi/start.js"
import { noise, type Posting, post, reasonOf } from "./posting.js"

let index: Pypi
beforeAll(async () => {
  index = await startPypi()
  index.project("mine", "uploader")
  index.project("theirs", "somebody")
  index.project("old", "uploader").status = "archived"
  index.project("wh-mx", "uploader")
})
afterAll(() => index.stop())

type Case = [what: string, status: number, reason: string, posting: Posting]
const see = (what: string) =>
  `See https://pypi.org/help/#${what} for more information.`

const cases: Case[] = [
  [
    "no token",
    403,
    `Invalid or non-existent authentication information. ${see("invalid-auth")}`,
    { token: null },
  ],
  [
    "a piece of a token",
    403,
    `Invalid or non-existent authentication information. ${see("invalid-auth")}`,
    { token: "pypi-AgEIcHlwaS5vcmc" },
  ],
  [
    "a user's name",
    403,
    "Username/Password authentication is no longer supported. Migrate to API Tokens or Trusted Publishers instead.",
    { username: "uploader", token: "secret" },
  ],
  [
    "a project that is another's",
    403,
    "The user 'uploader' isn't allowed to upload to project 'theirs'.",
    { name: "theirs" },
  ],
  [
    "an archived project",
    403,
    "The user 'uploader' isn't allowed to upload to project 'old'.",
    { name: "old" },
  ],
  [
    "a local version",
    400,
    "The use of local versions in '2.0+local' is not allowed.",
    { version: "2.0+local" },
  ],
  [
    "a version that is none",
    400,
    "'not.a.version' is invalid for 'version'.",
    { version: "not.a.version" },
  ],
  [
    "a metadata version of the future",
    400,
    "'2.6' is not a valid metadata version.",
    { fields: { metadata_version: "2.6" } },
  ],
  [
    "a classifier that there is not",
    400,
    "'X' is not a valid classifier.",
    { fields: { classifiers: "X" } },
  ],
  [
    "a direct dependency",
    400,
    "Can't have direct dependency: foo @ https://example.com/foo.whl",
    { fields: { requires_dist: "foo @ https://example.com/foo.whl" } },
  ],
  [
    "License beside License-Expression",
    400,
    "License is deprecated when License-Expression is present.",
    { fields: { license: "MIT", license_expression: "MIT" } },
  ],
  [
    "License-Expression in 2.3",
    400,
    "license-expression introduced in metadata version 2.4, not 2.3.",
    { fields: { metadata_version: "2.3", license_expression: "MIT" } },
  ],
  [
    "a license file that is not there",
    400,
    "License-File LICENSE does not exist in distribution file demo-1.0-py3-none-any.whl at demo-1.0.dist-info/licenses/LICENSE",
    { fields: { license_files: "LICENSE" } },
  ],
  [
    "a long summary",
    400,
    "'summary' field must be 512 characters or less.",
    { fields: { summary: "x".repeat(513) } },
  ],
  [
    "a description of white space",
    400,
    "The description failed to render in the default format of reStructuredText.",
    { fields: { description: " \n" } },
  ],
  [
    "a name of the standard library",
    400,
    "The name 'asyncio' isn't allowed (conflict with Python Standard Library module name).",
    { name: "asyncio" },
  ],
  [
    "a name that looks like another",
    400,
    "The name 'whmx' is too similar to an existing project.",
    { name: "whmx" },
  ],
  [
    "an sdist with dots in its name",
    400,
    "Filename 'wh.mx-2.0.tar.gz' is invalid, should be 'wh_mx-2.0.tar.gz'.",
    {
      kind: "sdist",
      name: "wh.mx",
      version: "2.0",
      called: "wh.mx-2.0.tar.gz",
    },
  ],
  [
    "another version in the name",
    400,
    "Version in filename should be '2.2' not '2.1'.",
    { version: "2.2", called: "demo-2.1-py3-none-any.whl" },
  ],
  [
    "another project in the name",
    400,
    "Start filename for 'wh-mx' with 'wh_mx'.",
    { name: "wh-mx", called: "whmx-1.0-py3-none-any.whl" },
  ],
  [
    "a wheel that is no zip",
    400,
    "Invalid distribution file. File is not a zipfile",
    { bytes: Buffer.from("nothing") },
  ],
  [
    "an sdist that is no tar",
    400,
    "Invalid distribution file. File is not a tarfile",
    { kind: "sdist", bytes: Buffer.from("nothing") },
  ],
  [
    "an sdist without PKG-INFO",
    400,
    "Invalid distribution file. PKG-INFO not found at demo-1.0/PKG-INFO",
    { kind: "sdist", without: ["PKG-INFO"] },
  ],
  [
    "a wheel without WHEEL",
    400,
    "Invalid distribution file. WHEEL not found at demo-1.0.dist-info/WHEEL",
    { without: ["/WHEEL"] },
  ],
  [
    "a wheel without RECORD",
    400,
    "Wheel 'demo-1.0-py3-none-any.whl' does not contain the required RECORD file: demo-1.0.dist-info/RECORD",
    { without: ["/RECORD"] },
  ],
  [
    "a platform of one machine",
    400,
    "Binary wheel 'demo-1.0-py3-none-linux_x86_64.whl' has an unsupported platform tag 'linux_x86_64'.",
    { tag: "py3-none-linux_x86_64" },
  ],
  [
    "another digest",
    400,
    "The digest supplied does not match a digest calculated from the uploaded file.",
    { fields: { sha256_digest: "0".repeat(64) } },
  ],
  [
    "attestations with a user's token",
    400,
    "Attestations are only supported when using Trusted Publishing",
    { fields: { attestations: "[]" } },
  ],
]

describe("an upload is refused for", () => {
  test.each(cases)("%s", async (_what, status, reason, posting) => {
    const answer = await post(index, posting)
    expect({ status: answer.status, reason: reasonOf(answer) }).toEqual({
      status,
      reason: expect.stringContaining(reason),
    })
    // The first line has it too, as HTTP/1.1 can.
    expect(answer.reason).toContain(reason.slice(0, 40))
  })

  test("a token that was changed, revoked, or is too old", async () => {
    const token = index.token()
    const changed = token.slice(0, -3) + (token.endsWith("AAA") ? "BBB" : "AAA")
    expect(reasonOf(await post(index, { token: changed }))).toBe(
      "Invalid API Token: signatures do not match",
    )
    index.tokens.revoke(token)
    expect(reasonOf(await post(index, { token }))).toContain("non-existent")
    const short = index.tokens.issue({ user: "uploader", expires: 1 })
    expect(reasonOf(await post(index, { token: short }))).toBe(
      "Invalid API Token: token is expired, token is expired",
    )
  })

  test("another project than the token's", async () => {
    const token = index.token("uploader", ["mine"])
    const answer = await post(index, { name: "wh-mx", token })
    expect(answer.status).toBe(403)
    expect(reasonOf(answer)).toContain(
      "Invalid API Token: project-scoped token is not valid for project: 'wh-mx'",
    )
  })

  test.each([
    ["readOnly", "Read-only mode: Uploads are temporarily disabled."],
    ["uploadsDisabled", "New uploads are temporarily disabled."],
    ["projectsDisabled", "New project registration temporarily disabled."],
    ["tooManyProjects", "Too many new projects created"],
  ] as const)("the switch %s", async (name, reason) => {
    index.switches[name] = true
    const answer = await post(index, { name: `new-${name}` })
    index.switches[name] = false
    expect(answer.status).toBe(name === "tooManyProjects" ? 429 : 403)
    expect(reasonOf(answer)).toContain(reason)
    expect(answer.headers["retry-after"]).toBeUndefined()
  })

  test("its user's account", async () => {
    index.switches.unverified.add("newcomer")
    index.switches.withoutSecondFactor.add("careless")
    for (const [user, reason] of [
      ["newcomer", "User 'newcomer' does not have a verified primary email"],
      ["careless", "User 'careless' does not have two-factor authentication"],
    ] as const) {
      const answer = await post(index, { token: index.token(user) })
      expect([answer.status, reasonOf(answer)]).toEqual([
        403,
        expect.stringContaining(reason),
      ])
    }
  })

  test("its size, and its project's", async () => {
    const { switches } = index
    const { largestFile, largestProject } = switches
    switches.largestFile = 100
    expect(reasonOf(await post(index, { name: "mine" }))).toContain(
      "File too large. Limit for project 'mine' is 0 MB.",
    )
    Object.assign(switches, { largestFile, largestProject: 100 })
    expect(reasonOf(await post(index, { name: "mine" }))).toContain(
      "Project size too large. Limit for project 'mine' total size is",
    )
    Object.assign(switches, { largestProject })
  })

  test.each(refusalIds)("%s, where a switch says so", async (id) => {
    index.switches.refuse = id
    const answer = await post(index, { name: "mine", version: "9.0" })
    index.switches.refuse = null
    expect(answer.status).toBe(REFUSALS[id][0])
    expect(reasonOf(answer)).not.toBe("")
    expect(index.holdings.projects.get("mine")?.releases.has("9.0")).toBe(false)
  })
})

describe("a file name is taken", () => {
  const version = "4.0"
  const first: Posting = { name: "mine", version, ballast: noise() }

  test("for ever, but not for the same bytes", async () => {
    expect((await post(index, first)).status).toBe(200)
    const { serial } = index.holdings
    expect((await post(index, first)).status).toBe(200)
    expect(index.holdings.serial).toBe(serial)
  })

  test("for other bytes, with the hash of those that are there", async () => {
    const answer = await post(index, { ...first, ballast: noise() })
    expect(answer.status).toBe(400)
    expect(reasonOf(answer)).toMatch(
      /^File already exists \('mine-4.0-py3-none-any.whl', with blake2_256 hash '[0-9a-f]{64}'\)\. See /,
    )
  })

  test("and so are its bytes", async () => {
    const called = "mine-4.0-1-py3-none-any.whl"
    const answer = await post(index, { ...first, called })
    expect(reasonOf(answer)).toContain("('mine-4.0-py3-none-any.whl'")
  })

  test("after it was deleted", async () => {
    index.remove("mine", version, "mine-4.0-py3-none-any.whl")
    const answer = await post(index, first)
    expect(reasonOf(answer)).toContain(
      "This filename was previously used by a file that has since been deleted. Use a different version.",
    )
  })
})

test("a release takes no new file after 14 days", async () => {
  const posting: Posting = { name: "mine", version: "5.0", ballast: noise() }
  await post(index, posting)
  index.later(15 * 24 * 3600)
  const answer = await post(index, { ...posting, kind: "sdist" })
  index.later(-15 * 24 * 3600)
  expect([answer.status, reasonOf(answer)]).toEqual([
    400,
    "Uploading new files to releases older than 14 days is not allowed.",
  ])
})

test("a refused first upload leaves nothing behind", async () => {
  await post(index, { name: "fresh", without: ["/RECORD"] })
  expect(index.holdings.projects.has("fresh")).toBe(false)
  expect((await post(index, { name: "fresh" })).status).toBe(200)
})

test("two files that both make the release: one breaks, without a word", async () => {
  const version = "6.0"
  index.switches.thinking = 0.2 // so that the two overlap
  const answers = await Promise.all([
    post(index, { name: "mine", version, ballast: noise() }),
    post(index, { name: "mine", version, kind: "sdist" }),
  ])
  index.switches.thinking = 0
  expect(answers.map((it) => it.status).sort()).toEqual([200, 500])
  const again = await Promise.all(
    ["1", "2", "3"].map((build) =>
      post(index, {
        ...{ name: "mine", version, ballast: noise() },
        tag: `${build}-py3-none-any`,
      }),
    ),
  )
  expect(again.map((it) => it.status)).toEqual([200, 200, 200])
})

test("uploads go to the URL with the slash", async () => {
  const answer = await post(index, { path: "/legacy" })
  expect([answer.status, answer.headers.location]).toEqual([308, "/legacy/"])
})
