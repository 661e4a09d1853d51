const VALUE = String.raw`(?:"[^"]*"|'[^']*'|[\w.]+)`
const OPERATOR = String.raw`(?:[<>=!~]+|not\s+in|in)`
const TOKEN = new RegExp(
  String.raw`${VALUE}\s*${OPERATOR}\s*${VALUE}|[()]|\w+`,
  "g",
)

/** What is left of a marker, or a part of it; a boolean where it is decided. */
type Left = boolean | { text: string; isAny: boolean }

function joined(word: "and" | "or", parts: Left[]): Left {
  const decided = word === "or"
  if (parts.includes(decided)) return decided
  const open = parts.filter((part) => typeof part !== "boolean")
  const [first, ...others] = open
  if (first === undefined) return !decided
  if (others.length === 0) return first
  const texts = open.map(({ text, isAny }) =>
    isAny && word === "and" ? `(${text})` : text,
  )
  return { text: texts.join(` ${word} `), isAny: word === "or" }
}

/** Names of extras are spelled in more than one way. */
export function extraName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase()
}

/**
 * What is left of a marker of PEP 508 where one extra is asked for: true where
 * that is all it wanted, false where it wanted another one.
 *
 * @param marker - as a build backend wrote it
 * @param extra - null for none
 */
export function markerFor(
  marker: string,
  extra: string | null,
): string | boolean {
  const tokens = marker.match(TOKEN) ?? []
  const takes = (word: string) => tokens[0] === word && tokens.shift() === word
  const one = (): Left => {
    if (takes("(")) {
      const inner = any()
      takes(")")
      return inner
    }
    const text = String(tokens.shift())
    const wanted = /^extra\s*==\s*["'](.*)["']$/.exec(text)?.[1]
    if (wanted === undefined) return { text, isAny: false }
    return extra !== null && extraName(wanted) === extraName(extra)
  }
  const all = (): Left => {
    const parts = [one()]
    while (takes("and")) parts.push(one())
    return joined("and", parts)
  }
  const any = (): Left => {
    const parts = [all()]
    while (takes("or")) parts.push(all())
    return joined("or", parts)
  }
  const left = tokens.length === 0 || any()
  return typeof left === "boolean" ? left : left.text
}
