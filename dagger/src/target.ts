/** An index as `publish` uses it. */
export interface Target {
  /** `pypi`, `testpypi`, `rehearsal`, or `url`. */
  id: string
  /** Where files are posted. */
  upload: string
  /** The simple API; empty where it is to be found. */
  simple: string
  /** Whether PyPI's rules hold: a token, and no `linux_*` wheels. */
  pypiRules: boolean
}

/** The host name under which a rehearsal's index is reached. */
export const REHEARSAL_HOST = "index"

const KNOWN: Record<string, Omit<Target, "id">> = {
  pypi: {
    upload: "https://upload.pypi.org/legacy/",
    simple: "https://pypi.org/simple/",
    pypiRules: true,
  },
  testpypi: {
    upload: "https://test.pypi.org/legacy/",
    simple: "https://test.pypi.org/simple/",
    pypiRules: true,
  },
}

/** What `--index` was given, and what goes with it. */
export interface TargetRequest {
  index: string
  /** `--simple`; empty where not given. */
  simple: string
  /** Whether `--index-service` was given. */
  service: boolean
  /** The port that a rehearsal's index listens on. */
  port: number
}

/** The rows by the hosts that a URL of theirs may name. */
const HOSTS: Record<string, string> = {
  "upload.pypi.org": "pypi",
  "pypi.org": "pypi",
  "test.pypi.org": "testpypi",
}

function otherUrl(request: TargetRequest): Target {
  const { index, simple } = request
  let url: URL
  try {
    url = new URL(index)
  } catch {
    throw new Error(
      `--index=${index} is no index. Pass pypi, testpypi, rehearsal, or the URL that uploads go to, such as https://pypi.example.com/.`,
    )
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new Error(
      `--index=${index} has a scheme that indexes do not speak. Pass an http or https URL.`,
    )
  }
  if (url.username !== "" || url.password !== "") {
    throw new Error(
      "--index holds credentials, which would end in logs. Pass --username and --token=env:NAME.",
    )
  }
  const known = HOSTS[url.host]
  if (known !== undefined) return targetOf({ ...request, index: known })
  return { id: "url", upload: url.href, simple, pypiRules: false }
}

/**
 * The index that `--index` names.
 *
 * @throws a sentence where it names none
 */
export function targetOf(request: TargetRequest): Target {
  const { index, service, port } = request
  const known = KNOWN[index]
  if (service && (known !== undefined || index === "rehearsal")) {
    throw new Error(
      `--index-service does not go with --index=${index}. Pass the URL under which the service is to be reached, such as --index=http://index:8080.`,
    )
  }
  if (known !== undefined) return { id: index, ...known }
  if (index !== "rehearsal") return otherUrl(request)
  const upload = `http://${REHEARSAL_HOST}:${port}/`
  const simple = `${upload}simple/`
  return { id: "rehearsal", upload, simple, pypiRules: false }
}

/**
 * Refuses a service that does not listen on the URL's port: it keeps its own,
 * and the upload would find nobody there once everything else is done.
 *
 * @param ports - those that `--index-service` listens on
 */
export function checkPort({ upload }: Target, ports: number[]): void {
  const url = new URL(upload)
  const standard = url.protocol === "https:" ? 443 : 80
  const port = url.port === "" ? standard : Number(url.port)
  if (ports.length === 0 || ports.includes(port)) return
  const [found] = ports
  url.port = String(found)
  throw new Error(
    `--index names port ${port}, --index-service port ${found}, and a service keeps its port. Pass --index=${url.href}.`,
  )
}

/**
 * The command that installs a release from there; null where it is gone.
 *
 * Anyone may own any name on TestPyPI, and other indexes have not everything:
 * dependencies come from PyPI, as the confirmation has taken them, in a second
 * step that finds the release installed.
 *
 * @param certificate - the name of the file of CAs that is to be trusted
 */
export function installLine(
  { id, simple }: Target,
  project: string,
  version: string,
  certificate = "",
): string | null {
  const release = `${project}==${version}`
  if (id === "rehearsal") return null
  if (id === "pypi") return `pip install ${release}`
  const trust = certificate === "" ? "" : ` --cert ${certificate}`
  return `pip install --no-deps${trust} --index-url ${simple} ${release} && pip install ${release}`
}

/**
 * Checks that a file of certificates is one.
 *
 * @throws a sentence that says what to pass, as Python would read it as empty
 */
export function checkCertificate(text: string): void {
  if (text.includes("-----BEGIN CERTIFICATE-----")) return
  throw new Error(
    "--certificate is no certificate: it has no -----BEGIN CERTIFICATE----- in it. Pass the CA's certificate as PEM.",
  )
}
