const MASK = Buffer.from("***")

/** What takes secrets out of a stream. */
export interface Scrubber {
  /** What can be passed on now: the start of a secret is kept back. */
  push(chunk: Buffer): Buffer
  /** What was kept back at the end. */
  end(): Buffer
}

/**
 * Replaces every literal occurrence of a secret by `***`, the longest first,
 * also where it comes in pieces. A secret with white space around it counts
 * without it too; an empty one counts for nothing. As the Dagger engine does
 * it: an encoded secret is not found.
 *
 * @param mask what stands in its place
 */
export function scrubber(
  secrets: readonly Buffer[],
  mask: Buffer = MASK,
): Scrubber {
  const needles = toNeedles(secrets)
  let held = Buffer.alloc(0)
  const take = (last: boolean): Buffer => {
    const out: Buffer[] = []
    let from = 0
    for (;;) {
      const open = last ? held.length : firstOpen(needles, held, from)
      const found = firstOf(needles, held, from)
      if (found === undefined || found.at >= open) {
        out.push(held.subarray(from, open))
        held = held.subarray(open)
        return Buffer.concat(out)
      }
      out.push(held.subarray(from, found.at), mask)
      from = found.at + found.length
    }
  }
  return {
    push(chunk) {
      held = Buffer.concat([held, chunk])
      return take(false)
    },
    end: () => take(true),
  }
}

/** A whole text without secrets. */
export function scrub(text: string, secrets: readonly Buffer[]): string {
  const stream = scrubber(secrets)
  return Buffer.concat([
    stream.push(Buffer.from(text)),
    stream.end(),
  ]).toString()
}

function toNeedles(secrets: readonly Buffer[]): Buffer[] {
  const trimmed = secrets.map((one) =>
    Buffer.from(one.toString("latin1").trim(), "latin1"),
  )
  return [...secrets, ...trimmed]
    .filter(({ length }) => length > 0)
    .sort((a, b) => b.length - a.length)
}

function firstOf(
  needles: readonly Buffer[],
  text: Buffer,
  from: number,
): { at: number; length: number } | undefined {
  let first: { at: number; length: number } | undefined
  for (const needle of needles) {
    const at = text.indexOf(needle, from)
    if (at !== -1 && (first === undefined || at < first.at)) {
      first = { at, length: needle.length }
    }
  }
  return first
}

/** Where the first secret begins that may go on in the next chunk. */
function firstOpen(
  needles: readonly Buffer[],
  text: Buffer,
  from: number,
): number {
  const longest = needles[0]?.length ?? 0
  for (
    let at = Math.max(from, text.length - longest + 1);
    at < text.length;
    at++
  ) {
    const tail = text.subarray(at)
    const opens = (needle: Buffer) =>
      needle.length > tail.length &&
      needle.subarray(0, tail.length).equals(tail)
    if (needles.some(opens)) {
      return at
    }
  }
  return text.length
}
