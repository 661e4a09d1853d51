import { explain } from "@renovatebot/pep440"

/** How a changelog writes the headings of its versions. */
export interface Style {
  /** 1 for `# 1.0.0`, 2 for `## 1.0.0`. */
  level: number
  /** The line below, of `=` or `-`; empty for headings that begin with `#`. */
  rule: string
  /** What stands before the version, such as `Version `. */
  word: string
}

/** The heading of a version, or of what is not released. */
export interface Heading {
  /** `Unreleased`, or the version as it is written; any word at level 2. */
  name: string
  /** Its lines as they are. */
  text: string
  style: Style
  /** Whether it cannot be anything else. */
  sure: boolean
}

export const UNRELEASED = "Unreleased"

/** That of https://keepachangelog.com. */
export const USUAL: Style = { level: 2, rule: "", word: "" }

const ATX = /^(#{1,3}) +(.*)$/
const RULE = /^(?:===+|---+)\s*$/
/** `Version [1.0.0]`, and a date or a title after it. */
const NAMED =
  /^((?:version|release) +)?\[?v?([^\]\s:,(]+)\]?(?:$|[:,(]| *[([/–—-]| +\d{4})/i
const DATED = /\b\d{4}-\d\d-\d\d\b/
const WORD = /^\[?v?([^\]\s]+)\]?/

export function isUnreleased(name: string): boolean {
  return name.toLowerCase() === UNRELEASED.toLowerCase()
}

function isVersion(name: string): boolean {
  return name.includes(".") && explain(name) !== null
}

function headingOf(text: string, lines: string, style: Style): Heading | null {
  const [, word = "", name = ""] = NAMED.exec(text) ?? []
  if (isVersion(name)) {
    return { name, text: lines, style: { ...style, word }, sure: true }
  }
  const first = WORD.exec(text)?.[1]
  if (first === undefined) return null
  return isUnreleased(first)
    ? { name: UNRELEASED, text: lines, style, sure: true }
    : { name: first, text: lines, style, sure: false }
}

/** The heading that begins with a line; null where it begins none. */
function headingAt(line: string, next: string): Heading | null {
  const [, marks = "", title = ""] = ATX.exec(line) ?? []
  if (marks !== "") {
    return headingOf(title, line, { ...USUAL, level: marks.length })
  }
  if (!RULE.test(next)) return null
  const rule = next.slice(0, 1)
  const style = { ...USUAL, level: rule === "=" ? 1 : 2, rule }
  return headingOf(line, `${line}\n${next}`, style)
}

/**
 * The headings that begin a section, each with the place of its line. Where
 * versions have headings of the second level, all of that level do.
 */
export function headingsOf(lines: string[]): Map<number, Heading> {
  const all = lines.flatMap((line, place): [number, Heading][] => {
    const found = headingAt(line, lines[place + 1] ?? "")
    return found === null ? [] : [[place, found]]
  })
  const level = all.find(([, it]) => it.sure)?.[1].style.level ?? USUAL.level
  const begins = ({ sure, style, text }: Heading) => {
    const plain = level === USUAL.level && style.rule === ""
    return style.level === level ? sure || plain : sure && DATED.test(text)
  }
  return new Map(all.filter(([, it]) => begins(it)))
}

/** A title as a heading of that style. */
export function writeHeading({ level, rule, word }: Style, title: string) {
  const text = word + title
  return rule === ""
    ? `${"#".repeat(level)} ${text}`
    : `${text}\n${rule.repeat(text.length)}`
}
