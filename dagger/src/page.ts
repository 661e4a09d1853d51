import { Format } from "./format.js"

/** A report as people read it, before it is text or Markdown. */
export interface Page {
  title: string
  /** Label and value, one line each. */
  facts: [label: string, value: string][]
  /** Tables; the first row of each is its head. */
  tables: string[][][]
  /** Remarks, one line each. */
  notes: string[]
  /** What is taken over as it stands: commands, Markdown. */
  texts?: { title: string; text: string }[]
}

function textTable(rows: string[][]): string[] {
  const width = (column: number) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join("  ")
      .trimEnd(),
  )
}

/** Blocks of lines, an empty line between them. */
function document(blocks: string[][]): string {
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")
}

function indented(text: string): string[] {
  return text.split("\n").map((line) => (line === "" ? "" : `    ${line}`))
}

function asText({ title, facts, tables, notes, texts = [] }: Page): string {
  const width = Math.max(0, ...facts.map(([label]) => label.length))
  return document([
    [title],
    facts.map(([label, value]) => `${label.padEnd(width)}  ${value}`),
    ...tables.map(textTable),
    notes.map((note) => `- ${note}`),
    ...texts.map((it) => [it.title, "", ...indented(it.text)]),
  ])
}

function cell(value: string): string {
  return value.replaceAll("|", "\\|").replaceAll("\n", " ")
}

function markdownTable([head = [], ...body]: string[][]): string[] {
  const line = (row: string[]) => `| ${row.map(cell).join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...body.map(line)]
}

function asMarkdown({ title, facts, tables, notes, texts = [] }: Page): string {
  return document([
    [`### ${title}`],
    facts.map(([label, value]) => `- **${label}**: ${value}`),
    ...tables.map(markdownTable),
    notes.map((note) => `> ${note}`),
    ...texts.map((it) => [`#### ${it.title}`, "", ...indented(it.text)]),
  ])
}

/** Writes a report: JSON is the report itself, the others are its page. */
export function render<Report>(
  report: Report,
  page: (report: Report) => Page,
  format: Format,
): string {
  if (format === Format.Json) return JSON.stringify(report, null, 2)
  const write = format === Format.Markdown ? asMarkdown : asText
  return write(page(report))
}
