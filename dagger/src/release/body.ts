/** What the text of a GitHub release is made of. */
export interface BodyParts {
  /** From the changelog, or by hand. */
  notes: string
  /** The command that installs the release. */
  install: string | null
  files: { name: string; sha256: string }[]
  /** Where the rest of notes is that are too long. */
  more: string
}

/** What GitHub takes; longer ones fail with 422. */
export const LONGEST = 125_000

const BEGIN = "<!-- pypi-deploy -->"
const END = "<!-- /pypi-deploy -->"

/** What is ours in a release's text: the install line, and the hashes. */
export function blockOf({ install, files }: BodyParts): string {
  const rows = files.map(
    ({ name, sha256 }) => `| \`${name}\` | \`${sha256}\` |`,
  )
  const way = install === null ? [] : ["", "### Install", "", `    ${install}`]
  return [
    ...[BEGIN, ...way, "", "### Files", ""],
    ...["| file | sha256 |", "| --- | --- |", ...rows, "", END],
  ].join("\n")
}

/** Notes that leave room for something, cut between two lines. */
function cutNotes(notes: string, room: number, more: string): string {
  if (notes.length <= room) return notes
  const rest = `\n\n… [The rest of the notes](${more})`
  const kept = notes.slice(0, Math.max(0, room - rest.length))
  const end = kept.lastIndexOf("\n")
  return (end < 0 ? kept : kept.slice(0, end)).trimEnd() + rest
}

/**
 * The text of a release: what is there by hand stays, our block is renewed,
 * and the notes are for a text that is empty.
 */
export function bodyOf(there: string, parts: BodyParts): string {
  const block = blockOf(parts)
  const text = there.replaceAll("\r\n", "\n")
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END, begin)
  if (begin >= 0 && end >= 0) {
    return text.slice(0, begin) + block + text.slice(end + END.length)
  }
  const notes = text.trim() === "" ? parts.notes.trim() : text.trim()
  const room = LONGEST - block.length - 2
  return [cutNotes(notes, room, parts.more), block]
    .filter((it) => it !== "")
    .join("\n\n")
}
