import { EngineError } from "../errors.js"
import { folder } from "./folder.js"
import { namespaces } from "./namespaces.js"

/** Layers, top first, and the folder that takes what is written over them. */
export interface Overlay {
  /** Layers of the store (`ID` or `ID/PATH/IN/IT`), or host folders. */
  layers: string[]
  /** Has `fs` and `work` in it. Without it, nothing can be written. */
  upper?: string
}

/** Something to be mounted in a container. */
export type MountRequest = { target: string } & (
  | ({ kind: "overlay" } & Overlay)
  | { kind: "bind"; source: string; readOnly: boolean; file: boolean }
  | { kind: "memory"; size?: number }
  | { kind: "secret"; content: Buffer; mode: number }
)

/** A folder or file of the host that containers see, read-only. */
export interface HostBind {
  source: string
  target: string
  /** Folders below the target that are the container's own all the same. */
  except?: string[]
}

/** A command and the container it runs in. */
export interface RunRequest {
  /** The folder that layers are in. */
  layers: string
  /** An existing folder of this run's own, for tables and mount points. */
  folder: string
  root: Overlay
  /** What the base image takes from the host. */
  binds: HostBind[]
  /** In the order of mounting. */
  mounts: MountRequest[]
  command: string[]
  environment: Record<string, string>
  /** Names of the variables that are secrets. */
  secrets: string[]
  /** The text of /etc/hosts. */
  hosts: string
  workdir: string
  /** The text of the standard input. */
  stdin: string
  /** A file of the container to read the standard input from. */
  stdinFile: string
  init: boolean
  onOutput(stream: "stdout" | "stderr", chunk: Buffer): void
}

/** A command that runs. */
export interface Running {
  /** The exit code; 128 + n after signal n. Fails if it never started. */
  exit: Promise<number>
  /** Ends it and everything it started, at once. */
  kill(): void
  /** Asks the command itself to end, as Ctrl-C or a service manager does. */
  signal(name: NodeJS.Signals): Promise<void>
}

/** Several layers as one folder. */
export interface View {
  /** The folder's path for this process. */
  root: string
  close(): Promise<void>
}

export interface ViewRequest {
  layers: string
  folder: string
  overlay: Overlay
}

/** A way to keep commands from the host. */
export interface Isolation {
  /** What callers must know of it, where it is weaker than containers are. */
  notice?: string
  /** Tells the store of layers that no other isolation reads. */
  storeSuffix?: string
  /** Fails with a sentence where this machine does not allow it. */
  check(): Promise<void>
  run(request: RunRequest): Running
  /** Shows layers as one folder; what is written goes to `overlay.upper`. */
  view(request: ViewRequest): Promise<View>
}

/** Every way there is, by the name that `--isolation` takes. */
export const isolations = { namespaces, folder } as const

export type IsolationName = keyof typeof isolations

/**
 * The isolation of a call.
 *
 * @param name as the caller chose it; PYPI_DEPLOY_ISOLATION if not
 * @throws EngineError for one that there is not
 */
export function chooseIsolation(
  name: IsolationName | undefined,
  environment: NodeJS.ProcessEnv,
): Isolation {
  const chosen = name ?? (environment.PYPI_DEPLOY_ISOLATION || "namespaces")
  if (!Object.hasOwn(isolations, chosen)) {
    throw new EngineError(
      `PYPI_DEPLOY_ISOLATION is "${chosen}", but takes ${Object.keys(isolations).join(" or ")}.`,
    )
  }
  return isolations[chosen as IsolationName]
}
