import { describe, expect, test } from "vitest"

import { emptyContainer } from "../../../engine/api/container.js"
import { withMount } from "../../../engine/api/located.js"
import type { ExecOptions } from "../../../engine/exec/exec.js"
import { execDigest } from "../../../engine/exec/key.js"
import type { SecretValues } from "../../../engine/exec/prepare.js"
import { scratch } from "../../../engine/filesystem/filesystem.js"
import type { Secret } from "../../../engine/secrets/secret.js"
import type { Service } from "../../../engine/services/service.js"
import {
  type Container,
  containerDigest,
} from "../../../engine/values/container.js"
import { digestOf } from "../../../engine/values/digest.js"
import {
  type Directory,
  type File,
  type Value,
  valueDigest,
} from "../../../engine/values/values.js"

const secret = { type: "Secret", digest: "s" } as Secret
const service = { type: "Service", digest: "v" } as Service

describe("a digest", () => {
  test("is of kinds and values, not of the order of keys", () => {
    expect(digestOf("a", { x: 1, y: [true, null] })).toBe(
      digestOf("a", { y: [true, null], x: 1, z: undefined }),
    )
    const others = [
      digestOf("b", { x: 1 }),
      digestOf("a", { x: "1" }),
      digestOf("a", { x: [1] }),
      digestOf("a", "x", 1),
      digestOf("a", ["x", 1]),
      digestOf("a", undefined),
    ]
    expect(new Set(others).size).toBe(others.length)
  })

  test("of a container has everything that can be told apart", () => {
    const tree = { target: "/t", filesystem: scratch, path: "/" }
    const told = { target: "/t", secret }
    const port = {
      port: 80,
      protocol: "TCP" as const,
      description: null,
      skipHealthcheck: false,
    }
    const variants = [
      emptyContainer,
      { ...emptyContainer, workdir: "/a" },
      { ...emptyContainer, environment: { A: "1" } },
      { ...emptyContainer, environment: { A: "1", B: "" } },
      { ...emptyContainer, environment: { B: "", A: "1" } },
      { ...emptyContainer, volatile: { A: "1" } },
      { ...emptyContainer, entrypoint: ["a"] },
      { ...emptyContainer, defaultArgs: ["a"] },
      withMount(emptyContainer, {
        kind: "temp",
        target: "/t",
        size: undefined,
      }),
      withMount(emptyContainer, { kind: "temp", target: "/t", size: 1 }),
      withMount(emptyContainer, {
        kind: "cache",
        target: "/t",
        key: "k",
        sharing: "SHARED",
      }),
      withMount(emptyContainer, { kind: "directory", ...tree, readOnly: true }),
      withMount(emptyContainer, {
        kind: "directory",
        ...tree,
        readOnly: false,
      }),
      withMount(emptyContainer, { kind: "file", ...tree }),
      withMount(emptyContainer, { kind: "secret", ...told, mode: 0o400 }),
      withMount(emptyContainer, { kind: "secret", ...told, mode: 0o440 }),
      { ...emptyContainer, secrets: { A: secret } },
      { ...emptyContainer, secrets: { B: secret } },
      { ...emptyContainer, services: [{ alias: "a", service }] },
      { ...emptyContainer, services: [{ alias: "b", service }] },
      { ...emptyContainer, ports: [port] },
      { ...emptyContainer, binds: [{ source: "/usr", target: "/usr" }] },
    ]
    const digests = variants.map(containerDigest)
    expect(new Set(digests).size).toBe(variants.length)
  })
})

describe("the digest of a value", () => {
  const other = { digest: "other", layers: async () => [] }
  const at = (type: "Directory" | "File", path = "/a", filesystem = scratch) =>
    ({ type, filesystem, path }) as Directory & File
  const directory: Directory = at("Directory")

  test("is of its type and of all that it is made of", () => {
    const values: Value[] = [
      ...[emptyContainer, { ...emptyContainer, workdir: "/a" }],
      ...[directory, at("Directory", "/b"), at("Directory", "/a", other)],
      ...[at("File"), at("File", "/b"), at("File", "/a", other)],
      { type: "Changeset", before: directory, after: at("Directory", "/b") },
      { type: "Changeset", before: at("Directory", "/b"), after: directory },
      { type: "CacheVolume", key: "k" },
      { type: "CacheVolume", key: "l" },
      { type: "Address", value: "k" },
      { type: "Host" },
    ]
    const digests = values.map(valueDigest)
    expect(new Set(digests).size).toBe(values.length)
    const again = values.map((value) => valueDigest({ ...value }))
    expect(again).toEqual(digests)
  })

  test("is its own for secrets and services", () => {
    expect(valueDigest(secret)).toBe("s")
    expect(valueDigest(service)).toBe("v")
  })
})

describe("the key of an exec", () => {
  const options = {
    ...{ command: ["a"], stdin: "", stdinFile: "", expect: "SUCCESS" as const },
    init: true,
  }
  const none = { variables: {}, files: {} }
  const salted = (salt: string) => (secret: Buffer) => `${salt}${secret}`
  const key = (
    changes: Partial<Container> = {},
    values: SecretValues = none,
    more: Partial<ExecOptions> = {},
    seal = salted("x"),
  ) =>
    execDigest(
      { ...emptyContainer, ...changes },
      { ...options, ...more },
      seal,
      values,
    )
  const told = { kind: "secret" as const, target: "/s", secret }
  const temp = { kind: "temp" as const, target: "/s", size: undefined }
  const values = (value: string) => ({
    ...none,
    variables: { S: Buffer.from(value) },
  })

  test("has everything that the command can tell apart", () => {
    const keys = [
      key(),
      key({ filesystem: { digest: "other", layers: async () => [] } }),
      key({ binds: [{ source: "/usr", target: "/usr" }] }),
      key({ mounts: [temp] }),
      key({ mounts: [{ ...told, mode: 0o400 }] }),
      key({ mounts: [{ ...told, mode: 0o440 }] }),
      key({ environment: { A: "1" } }),
      key({ services: [{ alias: "a", service }] }),
      key({ workdir: "/a" }),
      ...[key({}, values("1")), key({}, values("2"))],
      key({}, { ...none, files: { S: Buffer.from("1") } }),
      ...[key({}, none, { command: ["b"] }), key({}, none, { stdin: "x" })],
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })

  test("has secrets by their values, as the store's salt hides them", () => {
    const other = { ...told, secret: { ...secret, digest: "other" }, mode: 1 }
    expect(key({ mounts: [other] })).toBe(
      key({ mounts: [{ ...told, mode: 1 }] }),
    )
    expect(key({}, values("1"), {}, salted("y"))).not.toBe(key({}, values("1")))
  })

  test("has no volatile variable, and no order of others", () => {
    expect(key({ volatile: { V: "1" } })).toBe(key())
    expect(key({ environment: { A: "1", B: "2" } })).toBe(
      key({ environment: { B: "2", A: "1" } }),
    )
    const [a, b] = [Buffer.from("1"), Buffer.from("2")]
    expect(key({}, { ...none, variables: { a, b } })).toBe(
      key({}, { ...none, variables: { b, a } }),
    )
  })
})
