import { homedir } from "node:os"
import { relative } from "node:path"

import { root } from "../test/root.js"
import { folder, makeExample } from "./example.js"
import { type Published, publish } from "./publish.js"

/**
 * `npm start`: the main job on an example. A repository with a release and
 * commits after it; a development version published to an index that lives
 * as long as the call; then the next release, by its tag.
 */
const say = (text: string) => console.log(text)
const here = (path: string) => relative(root, path)

try {
  const start = Date.now()
  say("1. A project to publish: pluggy, three commits after its release 1.6.0")
  const example = await makeExample()
  say(`${example.git("log", "--oneline", "--decorate")}\n`)

  say("2. A commit on main becomes a development version, published")
  const source = here(example.path)
  const dev = await publish(source, "development")
  say(dev.receipt)

  say("3. A tag becomes a release, published")
  example.tag("1.7.0")
  const release = await publish(source, "release")
  say(release.receipt)

  say(summary(dev, release, (Date.now() - start) / 1000))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

function summary(dev: Published, release: Published, seconds: number): string {
  const cache = process.env.XDG_CACHE_HOME || `${homedir()}/.cache`
  return `Done in ${seconds.toFixed(0)} s: each time the project's own tests ran against the built
wheel, sdist and wheel were built and verified, uploaded to a real index that was
started for the call, installed from it, and compared by hash with what was built.

  development version   ${dev.seconds.toFixed(1)} s   ${dev.command}
  release               ${release.seconds.toFixed(1)} s   ${release.command}

Where things are
  example repository    ${here(folder)}/pluggy
  receipts              ${here(dev.file)}, ${here(release.file)}
  store of the engine   ${cache}/pypi-deploy (./call --prune makes room)

Try it on a project of yours
  ./call version --source=PATH
  ./call publish --source=PATH --index=rehearsal`
}
