/** `nextVersion` as the command line writes it: `next-version`. */
export function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase()
}

/** An enum member as the command line writes it: `JSON`, `NOT_FOUND`. */
export function screamingSnake(name: string): string {
  return kebab(name).replace(/-/g, "_").toUpperCase()
}
