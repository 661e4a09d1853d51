import type {
  EnumDefinition,
  FunctionDefinition,
  ObjectDefinition,
} from "../module/definitions.js"
import { namedType } from "../module/definitions.js"
import type { FindObject } from "./arguments.js"
import { kebab, screamingSnake } from "./names.js"
import { findOption, OPTIONS } from "./options.js"

/** The first word where a shell asks what could stand at the end of a line. */
export const COMPLETE = "--complete"

/**
 * What could stand in the place of the last word, a line each: functions, a
 * function's flags, the members of an enum. Nothing where a path belongs, so
 * that the shell completes it by itself.
 *
 * @param words Those after `./call`, the last as far as it is written.
 */
export function complete(
  words: string[],
  main: ObjectDefinition,
  find: FindObject,
  enums: Record<string, EnumDefinition>,
): string {
  const all = whole(words)
  const last = all.slice(-1).join()
  const { callee, object, flag } = walk(all.slice(0, -1), main, find)
  const equals = last.indexOf("=")
  const inline = last.startsWith("-") && equals > 0
  const asked = inline ? last.slice(0, equals) : flag
  const choices =
    asked !== undefined
      ? values(asked, callee, enums).map((value) =>
          inline ? `${asked}=${value}` : value,
        )
      : last.startsWith("-")
        ? flags(callee)
        : Object.keys(object?.functions ?? {}).map(kebab)
  return choices
    .filter((choice) => choice.startsWith(last))
    .map((choice) => `${choice}\n`)
    .join("")
}

/** bash takes `--flag=value` for three words. */
function whole(words: string[]): string[] {
  const joined: string[] = []
  for (const [index, word] of words.entries()) {
    const glued = word === "=" || words[index - 1] === "="
    joined.push(glued ? `${joined.pop()}${word}` : word)
  }
  return joined
}

/** Where a line has come to. */
interface Position {
  callee: FunctionDefinition
  object: ObjectDefinition | undefined
  /** The flag that the next word is the value of. */
  flag?: string
}

function walk(
  words: string[],
  main: ObjectDefinition,
  find: FindObject,
): Position {
  const { name, description, construct: parameters = [] } = main
  let at: Position = {
    callee: {
      ...{ name, description, parameters },
      returns: { kind: "object", name },
    },
    object: main,
  }
  for (const word of words) {
    if (at.flag !== undefined) {
      at = { ...at, flag: undefined }
    } else if (word.startsWith("-")) {
      at = { ...at, flag: wantsValue(word, at.callee) ? word : undefined }
    } else {
      at = follow(word, at, find)
    }
  }
  return at
}

function follow(word: string, at: Position, find: FindObject): Position {
  const callee = Object.values(at.object?.functions ?? {}).find(
    (candidate) => kebab(candidate.name) === kebab(word),
  )
  return callee
    ? { callee, object: find(namedType(callee.returns) ?? "") }
    : { ...at, object: undefined }
}

function wantsValue(flag: string, callee: FunctionDefinition): boolean {
  const parameter = parameterOf(flag, callee)
  return parameter
    ? parameter.type.kind !== "boolean"
    : findOption(flag)?.value !== undefined
}

function parameterOf(flag: string, { parameters }: FunctionDefinition) {
  return parameters.find(({ name }) => flag === `--${kebab(name)}`)
}

function values(
  flag: string,
  callee: FunctionDefinition,
  enums: Record<string, EnumDefinition>,
): string[] {
  const type = parameterOf(flag, callee)?.type
  if (!type) {
    return findOption(flag)?.choices ?? []
  }
  if (type.kind === "boolean") {
    return ["true", "false"]
  }
  const members = enums[namedType(type) ?? ""]?.members ?? []
  return members.map((member) => screamingSnake(member.name))
}

function flags({ parameters }: FunctionDefinition): string[] {
  return [
    ...parameters.map(({ name, type }) =>
      type.kind === "boolean" ? `--${kebab(name)}` : `--${kebab(name)}=`,
    ),
    ...OPTIONS.map(({ flag, value }) => (value ? `--${flag}=` : `--${flag}`)),
  ]
}
