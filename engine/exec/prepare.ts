import { lstatSync } from "node:fs"
import path from "node:path"
import type { MountRequest } from "../isolation/isolation.js"
import type { Container } from "../values/container.js"

/** The secrets of a container, read. */
export interface SecretValues {
  /** By the name of the variable. */
  variables: Record<string, Buffer>
  /** By the path that they are mounted at. */
  files: Record<string, Buffer>
}

export async function readSecrets(container: Container): Promise<SecretValues> {
  const variables = Object.entries(container.secrets).map(
    async ([name, secret]) => [name, await secret.read()] as const,
  )
  const files = container.mounts.map(async (mount) =>
    mount.kind === "secret"
      ? ([[mount.target, await mount.secret.read()]] as const)
      : [],
  )
  return {
    variables: Object.fromEntries(await Promise.all(variables)),
    files: Object.fromEntries((await Promise.all(files)).flat()),
  }
}

/** Every secret, to be taken out of the output. */
export function allSecrets({ variables, files }: SecretValues): Buffer[] {
  return [...Object.values(variables), ...Object.values(files)]
}

const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"]
const CERTIFICATES = [
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "REQUESTS_CA_BUNDLE",
  "PIP_CERT",
  "CURL_CA_BUNDLE",
  "NODE_EXTRA_CA_CERTS",
  "GIT_SSL_CAINFO",
]

/** What of the caller's environment commands need to reach the network. */
export function networkSettings(
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const proxies = PROXIES.flatMap((name) => [name, name.toLowerCase()])
  return Object.fromEntries(
    [...proxies, ...CERTIFICATES].flatMap((name) => {
      const value = environment[name]
      return value ? [[name, value]] : []
    }),
  )
}

/** The certificates that these settings point to, where nothing shows them. */
export function certificateMounts(
  settings: Readonly<Record<string, string>>,
  container: Container,
): MountRequest[] {
  const places = CERTIFICATES.flatMap((name) => settings[name] ?? [])
  const shown = (place: string) =>
    container.binds.some(({ target }) => `${place}/`.startsWith(`${target}/`))
  return [...new Set(places)].flatMap((place) => {
    const kind = path.isAbsolute(place) && !shown(place) ? fileKind(place) : ""
    return kind === ""
      ? []
      : [
          {
            target: place,
            kind: "bind" as const,
            source: place,
            readOnly: true,
            file: kind === "file",
          },
        ]
  })
}

function fileKind(place: string): "file" | "folder" | "" {
  try {
    return lstatSync(place).isDirectory() ? "folder" : "file"
  } catch {
    return ""
  }
}

/** The environment of a command. */
export function commandEnvironment(
  container: Container,
  settings: Readonly<Record<string, string>>,
  secrets: SecretValues,
): Record<string, string> {
  return {
    HOME: "/root",
    ...settings,
    ...container.environment,
    ...container.volatile,
    ...Object.fromEntries(
      Object.entries(secrets.variables).map(([name, value]) => [
        name,
        value.toString(),
      ]),
    ),
  }
}
