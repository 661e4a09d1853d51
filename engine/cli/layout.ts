import { oneLine } from "./text.js"

/** Width of the help where there is no terminal, as in a file. */
export const WIDTH = 80

/** Rows of a name and a text, the texts below each other. */
export function columns(
  rows: readonly (readonly [string, string])[],
  width: number,
): string {
  const left = Math.max(...rows.map(([name]) => name.length)) + 2
  const indent = `\n${" ".repeat(left)}`
  return rows
    .map(([name, text]) =>
      `${name.padEnd(left)}${wrap(text, width - left).join(indent)}`.trimEnd(),
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

/** Texts with an empty line between them; those that are empty left out. */
export function sections(parts: (string | undefined)[]): string {
  return `${parts.filter((part) => part).join("\n\n")}\n`
}

/**
 * A doc comment at another width. Lists, tables and code stay as they are: a
 * line of them begins with a space or a mark.
 */
export function reflow(text: string, width: number): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) =>
      /^([\s|*#-]|```)/m.test(paragraph)
        ? paragraph
        : wrap(oneLine(paragraph), width).join("\n"),
    )
    .join("\n\n")
}
