/**
 * The patterns of the API are those of .dockerignore: `*` and `?` stay within
 * a name, `**` crosses folders, `!` takes a path back, and a pattern that
 * matches a folder matches everything below it.
 * https://docs.docker.com/build/concepts/context/#syntax
 */
export interface Pattern {
  /** Whether it starts with `!`. */
  exception: boolean
  segments: string[]
  expression: RegExp
}

/** Reads patterns; blank ones count for nothing. */
export function readPatterns(texts: readonly string[]): Pattern[] {
  return texts.flatMap((text) => {
    const trimmed = text.trim()
    const exception = trimmed.startsWith("!")
    const segments = clean(exception ? trimmed.slice(1) : trimmed)
    return segments.length === 0
      ? []
      : [{ exception, segments, expression: toExpression(segments) }]
  })
}

/** The names along a path: no `.`, no empty ones, `..` taken out. */
function clean(path: string): string[] {
  const names: string[] = []
  for (const name of path.trim().split("/")) {
    if (name === "..") {
      names.pop()
    } else if (name !== "" && name !== ".") {
      names.push(name)
    }
  }
  return names
}

function toExpression(segments: readonly string[]): RegExp {
  let source = "^"
  segments.forEach((segment, index) => {
    const last = index === segments.length - 1
    if (segment === "**") {
      source += last ? ".*" : "(?:.*/)?"
    } else {
      source += segmentSource(segment) + (last ? "$" : "/")
    }
  })
  return new RegExp(source, "s")
}

function segmentSource(segment: string): string {
  let source = ""
  for (let at = 0; at < segment.length; at++) {
    const character = segment.charAt(at)
    const set = character === "[" && /^\[\^?\]?[^\]]*\]/.exec(segment.slice(at))
    if (segment.startsWith("**", at)) {
      source += ".*"
      at++
    } else if (character === "*") {
      source += "[^/]*"
    } else if (character === "?") {
      source += "[^/]"
    } else if (character === "\\" && at + 1 < segment.length) {
      at++
      source += literal(segment.charAt(at))
    } else if (set) {
      source += set[0]
      at += set[0].length - 1
    } else {
      source += literal(character)
    }
  }
  return source
}

function literal(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")
}

/** Whether the pattern matches this path itself. */
export function matches(pattern: Pattern, path: string): boolean {
  return pattern.expression.test(path)
}

/** Whether the last pattern that matches a path or a folder above it is no exception. */
export function matchesAny(
  patterns: readonly Pattern[],
  path: string,
): boolean {
  const paths = withParents(path)
  let matched = false
  for (const pattern of patterns) {
    if (
      pattern.exception === matched &&
      paths.some((one) => matches(pattern, one))
    ) {
      matched = !matched
    }
  }
  return matched
}

function withParents(path: string): string[] {
  const names = path.split("/")
  return names.map((_, index) => names.slice(0, index + 1).join("/"))
}

/** Whether something below this folder may match. */
export function mayMatchBelow(pattern: Pattern, folder: string): boolean {
  const names = folder.split("/")
  for (const [index, name] of names.entries()) {
    const segment = pattern.segments[index]
    if (segment === undefined) {
      return true
    }
    if (segment.includes("**")) {
      return true
    }
    if (!new RegExp(`^${segmentSource(segment)}$`, "s").test(name)) {
      return false
    }
  }
  return true
}
