import { Format } from "./format.js"

/** A report as people read it, before it is text or Markdown. */
export interface Page {
  title: string
  /** Label and value, one line each. */
  facts: [label: string, value: string][]
  /** A table: the first row is its head. */
  rows: string[][]
  /** Remarks, one line each. */
  notes: string[]
}

function textTable(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  )
}

function asText({ title, facts, rows, notes }: Page): string {
  const width = Math.max(0, ...facts.map(([label]) => label.length))
  const blocks = [
    [title],
    facts.map(([label, value]) => `${label.padEnd(width)}  ${value}`),
    textTable(rows),
    notes.map((note) => `- ${note}`),
  ]
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")
}

function cell(value: string): string {
  return value.replaceAll("|", "\\|").replaceAll("\n", " ")
}

function asMarkdown({ title, facts, rows, notes }: Page): string {
  const [head = [], ...body] = rows
  const line = (row: string[]) => `| ${row.map(cell).join(" | ")} |`
  const table = [line(head), line(head.map(() => "---")), ...body.map(line)]
  const blocks = [
    [`### ${title}`],
    facts.map(([label, value]) => `- **${label}**: ${value}`),
    rows.length > 0 ? table : [],
    notes.map((note) => `> ${note}`),
  ]
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")
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
