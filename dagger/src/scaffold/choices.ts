/** What sends a release to PyPI. */
export enum Trigger {
  /** Pushing a release tag. */
  Tag = "tag",
  /** Publishing a GitHub release. */
  Release = "release",
}

/** Where `notify` can tell of a release. */
export const CHANNELS = ["slack", "discord"]

/** What is chosen, and not found in the project. */
export interface Choices {
  /** The package inside the repository. */
  path: string
  trigger: Trigger
  /** Whether a release is attached to its tag on GitHub, too. */
  githubRelease: boolean
  /** Some of CHANNELS. */
  notify: string[]
  /** Whether to write the workflow, too, that is started by hand. */
  releasing: boolean
  /** Whether checking out takes a permission. */
  private: boolean
  /** The interpreters to test on; none: those that the project promises. */
  pythons: string[]
}

export const DEFAULTS: Choices = {
  path: ".",
  trigger: Trigger.Tag,
  githubRelease: true,
  notify: [],
  releasing: false,
  private: false,
  pythons: [],
}

/** A choice as a flag: how it is written, and read back. */
interface Flag {
  name: string
  write(choices: Choices): string
  read(text: string): Partial<Choices>
}

const list = (text: string) => text.split(",").filter((it) => it !== "")

const FLAGS: Flag[] = [
  { name: "path", write: (it) => it.path, read: (path) => ({ path }) },
  {
    name: "trigger",
    write: (it) => it.trigger,
    read: (text) => ({
      trigger: text === Trigger.Release ? Trigger.Release : Trigger.Tag,
    }),
  },
  {
    name: "github-release",
    write: (it) => String(it.githubRelease),
    read: (text) => ({ githubRelease: text !== "false" }),
  },
  {
    name: "notify",
    write: (it) => it.notify.join(","),
    read: (text) => ({ notify: list(text) }),
  },
  {
    name: "releasing",
    write: (it) => String(it.releasing),
    read: (text) => ({ releasing: text === "true" }),
  },
  {
    name: "is-private",
    write: (it) => String(it.private),
    read: (text) => ({ private: text === "true" }),
  },
  {
    name: "pythons",
    write: (it) => it.pythons.join(","),
    read: (text) => ({ pythons: list(text) }),
  },
]

/** A word as a shell reads it, in quotes where it needs them. */
function quoted(word: string): string {
  return /^[\w./,:@+=-]*$/.test(word)
    ? word
    : `"${word.replace(/["\\$`]/g, "\\$&")}"`
}

/** The choices that are not the default, as flags: ` --trigger=release`. */
export function writeChoices(choices: Choices): string {
  return FLAGS.filter((it) => it.write(choices) !== it.write(DEFAULTS))
    .map((it) => ` --${it.name}=${quoted(it.write(choices))}`)
    .join("")
}

/** The line of a workflow's head that has its choices. */
const HEAD = /^# {3}dagger call scaffold --source=\.([^\r\n]*)\r?$/m

/**
 * The choices that a workflow was written with, by its head; undefined where
 * `scaffold` did not write it.
 */
export function readChoices(workflow: string): Choices | undefined {
  const flags = HEAD.exec(workflow)?.[1]
  if (flags === undefined) return undefined
  const choices = { ...DEFAULTS }
  const words = / --([\w-]+)=("(?:[^"\\]|\\.)*"|\S*)/g
  for (const [, name, word = ""] of flags.matchAll(words)) {
    const flag = FLAGS.find((it) => it.name === name)
    const text = word.startsWith('"')
      ? word.slice(1, -1).replace(/\\(.)/g, "$1")
      : word
    Object.assign(choices, flag?.read(text))
  }
  return choices
}

/** Whether `scaffold` wrote a file: a workflow, or the notes. */
export function isOwn(text: string): boolean {
  return /^(?:# )?Written by pypi-deploy[:,]/m.test(text.slice(0, 400))
}

/**
 * Refuses interpreters that are no version of Python 3.
 *
 * @throws a sentence that names the first
 */
export function checkPythons(pythons: string[]): void {
  const other = pythons.find((it) => !/^3\.\d+$/.test(it))
  if (other === undefined) return
  throw new Error(
    `--pythons: ${other} is no version of Python 3. Pass major and minor numbers, such as --pythons=3.10,3.13.`,
  )
}

/**
 * Refuses channels that `notify` does not have.
 *
 * @throws a sentence that names those that there are
 */
export function checkChannels(notify: string[]): void {
  const unknown = notify.filter((it) => !CHANNELS.includes(it))
  if (unknown.length === 0) return
  throw new Error(
    `--notify: ${unknown.join(", ")} is no channel. There are ${CHANNELS.join(", ")}.`,
  )
}
