/** Where a GitHub server's pages begin, by the URL of its API. */
export function serverOf(api: string): string {
  const { protocol, host } = new URL(api)
  return `${protocol}//${host.replace(/^api\./, "")}`
}
