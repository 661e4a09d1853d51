/** Whether a path is a folder or below it. */
export function isWithin(inside: string, folder: string): boolean {
  return folder === "/" || `${inside}/`.startsWith(`${folder}/`)
}
