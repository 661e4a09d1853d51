import { type IsolationName, isolations } from "../isolation/isolation.js"
import { isShell, type Shell, scripts, shells } from "./shells.js"
import { UsageError } from "./usage.js"

/** What holds for the whole call, whatever function it calls. */
export interface Options {
  module: string
  output?: string
  isolation?: IsolationName
  json: boolean
  silent: boolean
  /** Whether a changeset is applied instead of printed. */
  autoApply: boolean
  debug: boolean
  help: boolean
  prune: boolean
  completion?: Shell
}

export interface OptionDefinition {
  flag: string
  short?: string
  /** Name of the value in the help; none for a switch. */
  value?: string
  /** The values there are, if they are few. */
  choices?: string[]
  description: string
  set(options: Options, value: string): void
}

/** Every option, in the order of the help. */
export const OPTIONS: OptionDefinition[] = [
  {
    flag: "mod",
    short: "m",
    value: "DIR",
    description: "folder of the module (this project's own by default)",
    set: (options, value) => {
      options.module = value
    },
  },
  {
    flag: "output",
    short: "o",
    value: "PATH",
    description: "save the result to a file or folder instead of printing it",
    set: (options, value) => {
      options.output = value
    },
  },
  {
    flag: "json",
    short: "j",
    description: "print the result as JSON",
    set: (options) => {
      options.json = true
    },
  },
  {
    flag: "silent",
    short: "s",
    description: "no progress on stderr, only the result and errors",
    set: (options) => {
      options.silent = true
    },
  },
  {
    flag: "auto-apply",
    short: "y",
    description: "apply a changeset to this folder instead of printing it",
    set: (options) => {
      options.autoApply = true
    },
  },
  {
    flag: "isolation",
    value: "KIND",
    choices: Object.keys(isolations),
    description: `how commands are kept apart from this machine: ${kinds()}`,
    set: (options, value) => {
      if (!isIsolation(value)) {
        throw new UsageError(`--isolation is "${value}", but takes ${kinds()}.`)
      }
      options.isolation = value
    },
  },
  {
    flag: "prune",
    description: "remove what the store has not used for long, and stop",
    set: (options) => {
      options.prune = true
    },
  },
  {
    flag: "completion",
    value: "SHELL",
    choices: Object.keys(scripts),
    description: `print what a shell completes ./call with: ${shells()}`,
    set: (options, value) => {
      if (!isShell(value)) {
        throw new UsageError(
          `--completion is "${value}", but takes ${shells()}.`,
        )
      }
      options.completion = value
    },
  },
  {
    flag: "debug",
    description: "everything commands print, and stack traces of errors",
    set: (options) => {
      options.debug = true
    },
  },
  {
    flag: "help",
    short: "h",
    description: "help for the function that stands before it",
    set: (options) => {
      options.help = true
    },
  },
]

/** The option that a flag means, e.g. `--json` or `-j`; none if it is none. */
export function findOption(flag: string): OptionDefinition | undefined {
  return OPTIONS.find(
    (option) => flag === `--${option.flag}` || flag === `-${option.short}`,
  )
}

/** A flag and its value, taken off the front of the words. */
export function takeValue(
  flag: string,
  inline: string | undefined,
  words: string[],
): string {
  const value = inline ?? words.shift()
  if (value === undefined) {
    throw new UsageError(`${flag} needs a value: ${flag}=VALUE.`)
  }
  return value
}

/** The module is found before its functions can be parsed. */
export function moduleFolder(words: string[]): string | undefined {
  const index = words.findIndex((word) => /^(-m|--mod)(=|$)/.test(word))
  const word = words[index]
  return word?.includes("=")
    ? word.slice(word.indexOf("=") + 1)
    : words[index + 1 || -1]
}

function isIsolation(name: string): name is IsolationName {
  return Object.hasOwn(isolations, name)
}

function kinds(): string {
  return Object.keys(isolations).join(" or ")
}
