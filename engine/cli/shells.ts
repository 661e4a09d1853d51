import bash from "./completion-bash.sh"
import zsh from "./completion-zsh.sh"

/** What each shell reads to complete `./call`. */
export const scripts = { bash, zsh } as const

export type Shell = keyof typeof scripts

export function isShell(name: string): name is Shell {
  return Object.hasOwn(scripts, name)
}

export function shells(): string {
  return Object.keys(scripts).join(" or ")
}
