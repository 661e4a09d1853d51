import { describe, expect, test } from "vitest"
import {
  type DistFolder,
  distFiles,
  installsOn,
  wheelOf,
} from "../../../dagger/src/dist.js"

const [sdist, pure, build] = distFiles([
  "demo_pkg-1.0.tar.gz",
  "pypi-deploy.json",
  "demo_pkg-1.0-py2.py3-none-any.whl",
  "demo_pkg-1.0-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
])

test("file names are read, others are passed over", () => {
  expect(sdist).toMatchObject({
    kind: "sdist",
    project: "demo_pkg",
    version: "1.0",
  })
  expect(pure).toMatchObject({
    kind: "wheel",
    pythons: ["py2", "py3"],
    platforms: ["any"],
  })
  expect(build).toMatchObject({
    version: "1.0",
    pythons: ["cp311"],
    platforms: ["manylinux_2_17_x86_64", "manylinux2014_x86_64"],
  })
})

test("a folder without a distribution is refused", () => {
  expect(() => distFiles(["a.whl", "README.md"])).toThrow(/no sdist.*--dist/)
})

test("files of two releases are refused, by name", () => {
  expect(() => distFiles(["a-1.0.tar.gz", "A-1.1.tar.gz"])).toThrow(
    /more than one release: a-1\.0\.tar\.gz, A-1\.1\.tar\.gz/,
  )
})

test("a name may be spelled in two ways", () => {
  const names = ["demo.pkg-1.0.tar.gz", "demo_pkg-1.0-py3-none-any.whl"]
  expect(distFiles(names)).toHaveLength(2)
})

describe("on Python 3.11, Linux and x86_64", () => {
  const wheels: [string, boolean][] = [
    ["py3-none-any", true],
    ["cp311-cp311-linux_x86_64", true],
    ["cp311-cp311-manylinux_2_28_x86_64", true],
    ["cp38-abi3-manylinux2014_x86_64", true],
    ["cp312-cp312-manylinux2014_x86_64", false],
    ["cp311-cp311-musllinux_1_2_x86_64", false],
    ["cp311-cp311-manylinux2014_aarch64", false],
    ["cp311-cp311-macosx_11_0_arm64", false],
    ["py2-none-any", false],
  ]
  test.each(wheels)("%s: %s", (tags, installs) => {
    for (const file of distFiles([`demo-1.0-${tags}.whl`]))
      expect(installsOn(file, "3.11", "x64")).toBe(installs)
  })

  test("an sdist installs, anywhere", () => {
    for (const file of distFiles(["demo-1.0.tar.gz"]))
      expect(installsOn(file, "3.11", "riscv64")).toBe(true)
  })

  test("an architecture that has no other name goes by its own", () => {
    for (const file of distFiles(["demo-1.0-py3-none-linux_riscv64.whl"]))
      expect(installsOn(file, "3.11", "riscv64")).toBe(true)
  })
})

test("the wheel of a build is found, or missed in a sentence", () => {
  const files = [{ kind: "sdist" }, { kind: "wheel", name: "x" }]
  const folder = (some: unknown[]) =>
    ({ manifest: { files: some } }) as unknown as DistFolder
  expect(wheelOf(folder(files)).name).toBe("x")
  expect(() => wheelOf(folder([]))).toThrow(/made no wheel/)
})
