import type {
  EnumDefinition,
  FunctionDefinition,
  ModuleDefinition,
  ObjectDefinition,
  ParameterDefinition,
  TypeReference,
} from "../module/definitions.js"
import { namedType } from "../module/definitions.js"
import { columns, reflow, sections } from "./layout.js"
import { kebab, screamingSnake } from "./names.js"
import { OPTIONS } from "./options.js"
import { oneLine } from "./text.js"

type Enums = Record<string, EnumDefinition>

/** `./call --help`: the module, its functions, the options. */
export function moduleHelp(module: ModuleDefinition, width: number): string {
  const main = module.objects[module.main]
  const construct = main?.construct ?? []
  const flags = construct.length > 0 ? " [flags]" : ""
  return sections([
    reflow(main?.description || module.description, width),
    `Usage: ./call [options]${flags} FUNCTION [flags] [FUNCTION [flags]]…`,
    flags && `Flags:\n${flagList(construct, module.enums, width)}`,
    main && functionList(main, width),
    optionList(width),
    "./call FUNCTION --help shows a function's flags.",
  ])
}

/** `./call publish --help`: what a function does, its flags, what follows. */
export function functionHelp(
  callee: FunctionDefinition,
  enums: Enums,
  result: ObjectDefinition | undefined,
  width: number,
): string {
  const { description, parameters } = callee
  const flags = parameters.length > 0 ? " [flags]" : ""
  return sections([
    reflow(description, width),
    `Usage: ./call ${kebab(callee.name)}${flags}`,
    flags && `Flags:\n${flagList(parameters, enums, width)}`,
    result &&
      `It gives a ${result.name}; on it:\n${functionList(result, width)}`,
  ])
}

function flagList(
  parameters: ParameterDefinition[],
  enums: Enums,
  width: number,
): string {
  const rows = parameters.map((parameter) => {
    const flag = `  --${kebab(parameter.name)} ${placeholder(parameter.type)}`
    return [flag.trimEnd(), parameterHelp(parameter, enums)] as const
  })
  return columns(rows, width)
}

function functionList(object: ObjectDefinition, width: number): string {
  const rows = Object.values(object.functions)
    .filter(({ name }) => name !== "id")
    .map(({ name, description }): [string, string] => [
      `  ${kebab(name)}`,
      firstSentence(description),
    ])
  return `Functions:\n${columns(rows, width)}`
}

function optionList(width: number): string {
  const rows = OPTIONS.map(({ flag, short, value, description }) => {
    const name = `--${flag}${value ? ` ${value}` : ""}`
    return [`  ${short ? `-${short}, ` : "    "}${name}`, description] as const
  })
  return `Options:\n${columns(rows, width)}`
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
  { type, defaultValue, defaultPath, defaultAddress }: ParameterDefinition,
  enums: Enums,
): string | undefined {
  if (defaultAddress !== undefined) {
    return `default: ${defaultAddress}`
  }
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
    case "input":
      return "FRONTEND:BACKEND"
    case "object":
    case "enum":
      return type.name.toUpperCase()
    default:
      return type.kind.toUpperCase()
  }
}

function firstSentence(text: string): string {
  const paragraph = oneLine(text.replace(/\n\s*\n[\s\S]*$/, ""))
  // A full stop inside a sentence, as in "e.g. 0.6.0", has no capital after it.
  return paragraph.replace(/(\.)\s(?=[A-Z]).*$/, "$1")
}
