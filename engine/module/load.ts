import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs"
import Module, { createRequire } from "node:module"
import vm from "node:vm"

/**
 * The first program of a process, `NAME.cjs`: it loads `NAME.code.cjs` beside
 * it with what V8 made of it before, which halves its start. (Node.js does
 * this by itself from 22.1 on, by `module.enableCompileCache`.)
 */
const file = __filename.replace(/cjs$/, "code.cjs")
// V8 itself looks at the length of the code only.
const kept = `${file}.${statSync(file).mtimeMs}.cache`
const cachedData = read(kept)
const script = new vm.Script(Module.wrap(readFileSync(file, "utf8")), {
  filename: file,
  cachedData,
  importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})
script.runInThisContext()({}, createRequire(file), module, file, __dirname)
if (cachedData === undefined || script.cachedDataRejected) {
  keep(script.createCachedData())
  // By its end it has read more of itself, if it comes to its end.
  process.once("exit", () => keep(script.createCachedData()))
}

function read(name: string): Buffer | undefined {
  try {
    return readFileSync(name)
  } catch {
    return undefined
  }
}

/** A confined process cannot write beside its code: it does without. */
function keep(data: Buffer): void {
  try {
    const draft = `${kept}.${process.pid}`
    writeFileSync(draft, data)
    renameSync(draft, kept)
  } catch {}
}
