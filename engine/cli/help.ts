import type {
  EnumDefinition,
  FunctionDefinition,
  ModuleDefinition,
  ObjectDefinition,
  ParameterDefinition,
  TypeReference,
} from "../module/definitions.js"
import { namedType } from "../module/definitions.js"
import { kebab, screamingSnake } from "./names.js"
import { OPTIONS } from "./options.js"

type Enums = Record<string, EnumDefinition>

/** `./call --help`: the module, its functions, the options. */
export function moduleHelp(module: ModuleDefinition): string {
  const main = module.objects[module.main]
  return sections([
    main?.description || module.description,
    "Usage: ./call [options] FUNCTION [flags] [FUNCTION [flags]]…",
    main && functionList(main),
    optionList(),
    "./call FUNCTION --help shows a function's flags.",
  ])
}

/** `./call publish --help`: what a function does, its flags, what follows. */
export function functionHelp(
  callee: FunctionDefinition,
  enums: Enums,
  result: ObjectDefinition | undefined,
): string {
  const flags = callee.parameters.map((parameter): [string, string] => [
    `  --${kebab(parameter.name)} ${placeholder(parameter.type)}`.trimEnd(),
    parameterHelp(parameter, enums),
  ])
  return sections([
    callee.description,
    `Usage: ./call ${kebab(callee.name)}${flags.length > 0 ? " [flags]" : ""}`,
    flags.length > 0 ? `Flags:\n${columns(flags)}` : undefined,
    result && `It gives a ${result.name}; on it:\n${functionList(result)}`,
  ])
}

function functionList(object: ObjectDefinition): string {
  const rows = Object.values(object.functions)
    .filter(({ name }) => name !== "id")
    .map(({ name, description }): [string, string] => [
      `  ${kebab(name)}`,
      firstSentence(description),
    ])
  return `Functions:\n${columns(rows)}`
}

function optionList(): string {
  const rows = OPTIONS.map(({ flag, short, value, description }) => {
    const name = `--${flag}${value ? ` ${value}` : ""}`
    return [`  ${short ? `-${short}, ` : "    "}${name}`, description] as const
  })
  return `Options:\n${columns(rows)}`
}

function parameterHelp(parameter: ParameterDefinition, enums: Enums): string {
  const members = enums[namedType(parameter.type) ?? ""]?.members
  const choice = members?.map(({ name }) => screamingSnake(name)).join(", ")
  const notes = [
    choice && `one of ${choice}`,
    parameter.optional ? defaultNote(parameter, enums) : "required",
  ].filter(Boolean)
  const note = notes.length > 0 ? ` (${notes.join("; ")})` : ""
  return `${oneLine(parameter.description)}${note}`
}

function defaultNote(
  { type, defaultValue, defaultPath }: ParameterDefinition,
  enums: Enums,
): string | undefined {
  if (defaultPath !== undefined) {
    return `default: ${defaultPath} of the module's own repository`
  }
  if (
    defaultValue === undefined ||
    defaultValue === false ||
    empty(defaultValue)
  ) {
    return undefined
  }
  const member = enums[namedType(type) ?? ""]?.members.find(
    ({ value }) => value === defaultValue,
  )
  return `default: ${member ? screamingSnake(member.name) : defaultValue}`
}

function empty(value: unknown): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0)
}

function placeholder(type: TypeReference): string {
  switch (type.kind) {
    case "boolean":
      return ""
    case "list":
      return `${placeholder(type.of)},…`
    case "object":
    case "enum":
      return type.name.toUpperCase()
    default:
      return type.kind.toUpperCase()
  }
}

function firstSentence(text: string): string {
  const paragraph = oneLine(text.split(/\n\s*\n/)[0] ?? "")
  // A full stop inside a sentence, as in "e.g. 0.6.0", has no capital after it.
  return paragraph.replace(/(\.)\s(?=[A-Z]).*$/, "$1")
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim()
}

/** Width of the help, whatever the terminal's: it is also read in files. */
const WIDTH = 80

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  const indent = `\n${" ".repeat(width)}`
  return rows
    .map(([name, text]) =>
      `${name.padEnd(width)}${wrap(text, WIDTH - width).join(indent)}`.trimEnd(),
    )
    .join("\n")
}

/** Breaks a text between words; a word that is too long has its own line. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(" ")) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${line} ${word}`
    } else {
      lines.push(word)
    }
  }
  return lines
}

function sections(parts: (string | undefined)[]): string {
  return `${parts.filter((part) => part).join("\n\n")}\n`
}
