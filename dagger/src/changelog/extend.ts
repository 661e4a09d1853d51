import { compare, eq, explain } from "@renovatebot/pep440"
import type { Forge } from "./forge.js"
import { type Style, UNRELEASED, writeHeading } from "./headings.js"
import { type Document, mergeBodies, type Section } from "./sections.js"

/** The notes of one release, or of what is not released yet. */
export interface Notes {
  /** null for what is not released. */
  version: string | null
  /** The tag; `HEAD` for what is not released. */
  tag: string
  /** The tag before; null for the first. */
  after: string | null
  /** Seconds since 1970. */
  time: number
  body: string
}

const NOTHING = "Nothing that people who install it would notice."

/** The text above the versions of a new changelog. */
export function newHead(project: string): string {
  return `# Changelog

All notable changes of ${project}. The form is
[Keep a Changelog](https://keepachangelog.com/en/1.1.0/).`
}

function nameOf({ version }: Notes): string {
  return version ?? UNRELEASED
}

/** The page that shows a release's changes. */
export function linkOf({ tag, after }: Notes, forge: Forge): string {
  return after === null && tag !== "HEAD"
    ? forge.tag + tag
    : `${forge.compare}${after ?? ""}...${tag}`
}

function sectionOf(notes: Notes, forge: Forge | null, style: Style): Section {
  const name = nameOf(notes)
  // The day in UTC, or a changelog would depend on who makes it.
  const date = new Date(1000 * notes.time).toISOString().slice(0, 10)
  const title = forge === null ? name : `[${name}]`
  return notes.version === null
    ? {
        ...{ name, body: notes.body },
        heading: writeHeading({ ...style, word: "" }, title),
      }
    : {
        ...{ name, body: notes.body || NOTHING },
        heading: writeHeading(style, `${title} - ${date}`),
      }
}

function versionsOf({ sections }: Document): string[] {
  return sections
    .map(({ name }) => name)
    .filter((name) => explain(name) !== null)
}

/** The versions that a changelog lacks: those above its highest. */
function lacking(there: string[], notes: Notes[]): Notes[] {
  const highest = [...there].sort(compare).at(-1)
  return notes.filter(
    ({ version }) =>
      version !== null &&
      (highest === undefined || compare(version, highest) > 0),
  )
}

/** Links as they were, with new ones and the unreleased one first. */
function linksOf(
  old: Document["links"],
  added: Notes[],
  forge: Forge,
): Document["links"] {
  const links = added.map((it): [string, string] => [
    nameOf(it),
    linkOf(it, forge),
  ])
  const names = new Set(links.map(([name]) => name.toLowerCase()))
  return [...links, ...old.filter(([name]) => !names.has(name.toLowerCase()))]
}

/**
 * Extends a changelog by the releases that it lacks and by what is not
 * released. What people wrote stays as it is; what they wrote under
 * Unreleased goes to the release that is added, above what was generated.
 *
 * @param notes - the highest version first, what is not released before it
 */
export function extendDocument(
  document: Document,
  notes: Notes[],
  forge: Forge | null,
): Document {
  const { sections, links, style } = document
  const unreleased = sections.find(({ name }) => name === UNRELEASED)
  const written = unreleased?.body ?? ""
  const released = lacking(versionsOf(document), notes)
  const added = released.map((it, place) => {
    const section = sectionOf(it, forge, style)
    if (place > 0) return section
    return { ...section, body: mergeBodies(written, it.body) || NOTHING }
  })
  const coming = notes.find(({ version }) => version === null)
  const left = released.length > 0 ? "" : written
  const body = mergeBodies(left, coming?.body ?? "")
  const heading =
    unreleased?.heading ?? (coming && sectionOf(coming, forge, style).heading)
  const first =
    heading !== undefined && (body !== "" || unreleased !== undefined)
      ? [{ name: UNRELEASED, heading, body }]
      : []
  const linked = [...(first.length > 0 && coming ? [coming] : []), ...released]
  return {
    ...document,
    sections: [
      ...first,
      ...added,
      ...sections.filter(({ name }) => name !== UNRELEASED),
    ],
    links: forge === null ? links : linksOf(links, linked, forge),
  }
}

/** What a changelog says of a version; undefined where it does not. */
export function bodyOf(
  { sections }: Document,
  version: string,
): string | undefined {
  return sections.find(
    ({ name }) => explain(name) !== null && eq(name, version),
  )?.body
}
