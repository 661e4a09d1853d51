import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, onTestFinished, test } from "vitest"

import { readRelease } from "../../../engine/images/debian.js"
import { findInterpreter, missing } from "../../../engine/images/interpreter.js"
import { missingNode } from "../../../engine/images/node.js"
import { readReference } from "../../../engine/images/reference.js"
import { uvPart } from "../../../engine/images/uv.js"
import { openStore } from "../../../engine/store/store.js"

const uv = "ghcr.io/astral-sh/uv:0.13.8-python3.12-bookworm"

describe("base images", () => {
  test.each([
    [uv, { python: "3.12", uv: true, command: ["/usr/local/bin/uv"] }],
    ["python:3.12", { python: "3.12", command: ["python3"] }],
    ["python:3.9-slim", { python: "3.9", command: ["python3"] }],
    ["python:3.9-slim-bookworm", { python: "3.9", command: ["python3"] }],
    ["docker.io/library/node:20", { node: "20", command: ["node"] }],
    ["node:20-bookworm-slim", { node: "20", command: ["node"] }],
    ["debian:bookworm", { debian: "12", command: ["bash"] }],
    ["debian:12-slim", { debian: "12", command: ["bash"] }],
  ])("%s is known, with or without a digest", (reference, image) => {
    expect(readReference(reference)).toEqual({ reference, ...image })
    const pinned = `${reference}@sha256:${"0".repeat(64)}`
    expect(readReference(pinned)).toEqual({ reference: pinned, ...image })
  })

  test.each([
    "python",
    "python:3",
    "python:3.12-alpine",
    "node:lts",
    "node:20-alpine",
    "debian:trixie",
    "evil.example/library/node:20",
    uv.replace("bookworm", "alpine"),
    uv.replace("0.13.8", "0.13.9"),
    `${uv}x`,
  ])("%s is none", (reference) => {
    expect(() => readReference(reference)).toThrow(
      /has no base image .*node:20-bookworm-slim.*"dagger call" pulls any image/,
    )
  })

  test("whose Python is not there say what is", () => {
    const wanted = { reference: uv, python: "3.12" }
    expect(missing(wanted, ["3.10", "3.11"])).toBe(
      `Base image ${uv} needs Python 3.12, which is not on this machine. It has 3.10, 3.11. Pass --python=3.11, or use "dagger call", which pulls the image.`,
    )
    expect(missing(wanted, [])).toMatch(
      /It has no Python 3\. Use "dagger call"/,
    )
  })

  test("are looked for without asking a version manager's shims", async () => {
    const root = mkdtempSync(path.join(tmpdir(), "shims-"))
    onTestFinished(() => rmSync(root, { recursive: true }))
    const shims = path.join(root, "shims")
    mkdirSync(shims)
    const asked = path.join(root, "asked")
    const shim = `#!/bin/sh\ntouch ${asked}\n`
    writeFileSync(path.join(shims, "python3.9"), shim, { mode: 0o755 })
    const environment = { PATH: `${shims}:/usr/bin`, HOME: root }
    const store = await openStore(path.join(root, "store"))
    const wanted = { reference: "python:3.9", python: "3.9" }
    await findInterpreter(wanted, environment, store).catch(() => undefined)
    expect(existsSync(asked)).toBe(false)
  })

  test("whose Node is not there say what is", () => {
    const here = [{ version: "20.20.2", executable: "/usr/bin/node" }]
    expect(missingNode("node:18", "18", here)).toBe(
      'Base image node:18 needs Node 18, which is not on this machine. It has Node 20.20.2. Use "dagger call", which pulls the image.',
    )
  })

  test("have uv as a program, whatever its mode on this machine", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "uv-test-"))
    const file = path.join(folder, "uv")
    writeFileSync(file, "#!/bin/sh\n", { mode: 0o600 })
    mkdirSync(path.join(folder, "usr/local/bin"), { recursive: true })
    const part = uvPart(file)
    await part.install(folder)
    const installed = statSync(path.join(folder, "usr/local/bin/uv"))
    expect(installed.mode & 0o777).toBe(0o755)
    // Another uv makes another image.
    expect(part.files).toEqual([file])
    expect(part.key).not.toEqual(uvPart("/other/uv").key)
    rmSync(folder, { recursive: true })
  })

  test("of a Debian are that Debian, by os-release", () => {
    const text = 'PRETTY_NAME="Debian 12"\nID=debian\nVERSION_ID="12"\n'
    const release = { id: "debian", version: "12", name: "Debian 12" }
    expect(readRelease(text)).toEqual(release)
    const none = { id: "", version: "", name: "another system" }
    expect(readRelease("")).toEqual(none)
  })
})
