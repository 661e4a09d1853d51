import { readFile } from "node:fs/promises"

/**
 * The process that a container's command runs as, seen from the host: below
 * unshare there is process 1, which is the command or its parent.
 */
export async function commandOf(
  unshare: number,
  init: boolean,
): Promise<number | undefined> {
  const first = await childOf(unshare)
  return init && first !== undefined ? childOf(first) : first
}

async function childOf(pid: number): Promise<number | undefined> {
  const list = await readFile(
    `/proc/${pid}/task/${pid}/children`,
    "utf8",
  ).catch(() => "")
  const child = Number(list.trim().split(" ")[0])
  return child > 0 ? child : undefined
}
