import { headingsOf, type Style, UNRELEASED, USUAL } from "./headings.js"

/** One version of a changelog. */
export interface Section {
  /** `Unreleased`, or the version as the heading has it. */
  name: string
  /** The heading's whole line, or both of one that is underlined. */
  heading: string
  /** What stands under it, without empty lines around. */
  body: string
}

/** A changelog as https://keepachangelog.com has it. */
export interface Document {
  /** What stands before the first version. */
  head: string
  sections: Section[]
  /** Link definitions at the end, by name. */
  links: [name: string, url: string][]
  /** How its headings are written. */
  style: Style
  /** How its lines end. */
  newline: "\n" | "\r\n"
}

const LINK = /^\[([^\]]+)\]: *(\S+)$/

/** Reads a changelog. What it is made of is kept, word by word. */
export function readDocument(text: string): Document {
  const lines = text.split(/\r?\n/)
  const links: Document["links"] = []
  for (const last of [...lines].reverse()) {
    const [, name, url] = LINK.exec(last) ?? []
    if (name !== undefined && url !== undefined) links.unshift([name, url])
    else if (last.trim() !== "") break
    lines.pop()
  }
  const headings = [...headingsOf(lines)]
  const sure = headings.map(([, it]) => it).filter((it) => it.sure)
  const like = sure.find(({ name }) => name !== UNRELEASED) ?? sure[0]
  const [first = lines.length] = headings.map(([place]) => place)
  return {
    head: lines.slice(0, first).join("\n").trim(),
    sections: headings.map(([place, { name, text }], number) => {
      const from = place + text.split("\n").length
      const [to] = headings[number + 1] ?? []
      const body = lines.slice(from, to).join("\n").trim()
      return { name, heading: text, body }
    }),
    ...{ links, style: like?.style ?? USUAL },
    newline: /\r\n/.test(text) ? "\r\n" : "\n",
  }
}

/** Writes a changelog: blocks with an empty line between them. */
export function writeDocument(document: Document): string {
  const { head, sections, links, newline } = document
  const blocks = [head, ...sections.flatMap((it) => [it.heading, it.body])]
  const definitions = links.map(([name, url]) => `[${name}]: ${url}`)
  const text = [...blocks, definitions.join("\n")]
    .filter((block) => block !== "")
    .join("\n\n")
  return `${text}\n`.replaceAll("\n", newline)
}

interface Group {
  heading: string
  lines: string[]
}

function groupsOf(body: string): Group[] {
  const groups: Group[] = [{ heading: "", lines: [] }]
  for (const line of body.split("\n")) {
    if (/^### /.test(line)) groups.push({ heading: line.trim(), lines: [] })
    else groups.at(-1)?.lines.push(line)
  }
  return groups
}

/**
 * What people wrote, and below it, group by group, what was generated and is
 * not there yet.
 */
export function mergeBodies(written: string, generated: string): string {
  if (written === "") return generated
  const groups = groupsOf(written)
  for (const { heading, lines } of groupsOf(generated)) {
    const found = groups.find(
      (group) => group.heading.toLowerCase() === heading.toLowerCase(),
    )
    const there = found?.lines ?? []
    const more = lines.filter((it) => it !== "" && !there.includes(it))
    const kept = there.join("\n").trimEnd().split("\n")
    if (found !== undefined) found.lines = [...kept, ...more]
    else if (more.length > 0) groups.push({ heading, lines: ["", ...more] })
  }
  return groups
    .map(({ heading, lines }) => `${heading}\n${lines.join("\n").trimEnd()}`)
    .map((group) => group.trim())
    .filter((group) => group !== "")
    .join("\n\n")
}
