import { describe, expect, test } from "vitest"
import {
  checkCertificate,
  checkPort,
  installLine,
  targetOf,
} from "../../../dagger/src/target.js"

const target = (index: string, more = {}) =>
  targetOf({ index, simple: "", service: false, port: 23456, ...more })

test("pypi and testpypi have PyPI's rules", () => {
  expect(target("pypi")).toEqual({
    id: "pypi",
    upload: "https://upload.pypi.org/legacy/",
    simple: "https://pypi.org/simple/",
    pypiRules: true,
  })
  expect(target("testpypi").pypiRules).toBe(true)
})

test.each([
  ["https://upload.pypi.org/legacy/", "pypi"],
  ["https://pypi.org/simple", "pypi"],
  ["https://test.pypi.org/legacy/", "testpypi"],
])("%s is %s, whose rules hold", (url, id) => {
  expect(target(url)).toEqual(target(id))
  expect(() => target(url, { service: true })).toThrow(/does not go with/)
})

test("a rehearsal is an index on the given port", () => {
  expect(target("rehearsal")).toEqual({
    id: "rehearsal",
    upload: "http://index:23456/",
    simple: "http://index:23456/simple/",
    pypiRules: false,
  })
})

test("a URL is one, and --simple goes with it", () => {
  const url = "http://index:8080/root/dev/"
  const simple = "http://index:8080/root/dev/+simple/"
  expect(target(url, { simple, service: true })).toEqual({
    id: "url",
    upload: url,
    simple,
    pypiRules: false,
  })
})

describe("refused is", () => {
  test.each([
    ["pipy", {}, /is no index/],
    ["ftp://example.com", {}, /scheme/],
    ["https://me:secret@example.com", {}, /^--index holds credentials/],
    ["pypi", { service: true }, /--index-service does not go with/],
    ["rehearsal", { service: true }, /--index-service does not go with/],
  ])("%s %j", (index, more, reason) => {
    expect(() => target(index, more)).toThrow(reason)
  })

  test("a URL with credentials, without repeating them", () => {
    expect(() => target("https://me:secret@example.com")).not.toThrow(/secret/)
  })
})

describe("a service", () => {
  const check = (index: string, ...ports: number[]) =>
    checkPort(target(index), ports)

  test("is reached on the URL's port", () => {
    for (const [index, port] of [
      ["http://index:8080", 8080],
      ["http://index", 80],
      ["https://index", 443],
    ] as const)
      expect(() => check(index, port)).not.toThrow()
    expect(() => check("http://index")).not.toThrow()
  })

  test("on another port is refused, with the URL that is right", () => {
    expect(() => check("http://index/a/", 8080)).toThrow(
      /port 80, --index-service port 8080.*Pass --index=http:\/\/index:8080\/a\/\.$/,
    )
  })
})

test("the line that installs a release fits its index", () => {
  const line = (index: string, simple = "") =>
    installLine(target(index, { simple }), "demo", "1.0.dev1")
  expect(line("pypi")).toBe("pip install demo==1.0.dev1")
  expect(line("testpypi")).toBe(
    "pip install --no-deps --index-url https://test.pypi.org/simple/ demo==1.0.dev1 && pip install demo==1.0.dev1",
  )
  const url = "https://example.com/simple/"
  expect(line("https://example.com", url)).toBe(
    "pip install --no-deps --index-url https://example.com/simple/ demo==1.0.dev1 && pip install demo==1.0.dev1",
  )
  const other = target("https://example.com", { simple: url })
  expect(installLine(other, "demo", "1.0", "ca.pem")).toMatch(
    /^pip install --no-deps --cert ca\.pem --index-url /,
  )
  expect(line("rehearsal")).toBeNull()
})

test("a file of certificates has one in it", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"
  expect(() => checkCertificate(`# my CA\n${pem}`)).not.toThrow()
  expect(() => checkCertificate("{}")).toThrow(/is no certificate.*as PEM\.$/)
})
