import { parse } from "@iarna/toml"

/** A TOML table whose values have not been looked at yet. */
export type Table = Record<string, unknown>

/** The value as a table; an empty one where it is anything else. */
export function table(value: unknown): Table {
  const plain =
    typeof value === "object" && value !== null && !Array.isArray(value)
  return plain ? (value as Table) : {}
}

/** The value where it is text. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined
}

/** The texts in a list; none where it is anything else. */
export function texts(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : []
  return list.filter((item): item is string => typeof item === "string")
}

/**
 * Parses TOML.
 *
 * @param source - the text of the file
 * @param file - its name, for the error
 * @throws a sentence with line and column (from 1) where it does not parse
 */
export function parseToml(source: string, file: string): Table {
  try {
    // The parser takes a comment's carriage return for a control character.
    return table(parse(source.replaceAll("\r\n", "\n")))
  } catch (error) {
    const { line, col, message } = error as {
      line: number
      col: number
      message: string
    }
    // The parser counts from 0 and repeats the place and a drawing of it.
    const reason = message.split(/ at (?:row|line) /)[0]?.split("\n")[0]
    throw new Error(
      `${file} is not valid TOML at line ${line + 1}, column ${col + 1}: ${reason}. Mend that line and call again.`,
    )
  }
}
