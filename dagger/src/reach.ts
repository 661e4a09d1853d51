import type { File, Secret, Service } from "@dagger.io/dagger"
import { checkCertificate, checkPort, targetOf } from "./target.js"
import type { Reach } from "./upload.js"

/** What is said of an index on the command line. */
export interface ReachRequest {
  index: string
  /** Empty where not given. */
  simple: string
  service?: Service
  username: string
  token?: Secret
  certificate?: File
}

/**
 * How an index is reached.
 *
 * @param port - the port of a rehearsal's index, which the caller starts
 * @throws a sentence where there is no such index, its service listens on
 *   another port, or the certificates are none
 */
export async function reachOf(
  request: ReachRequest,
  port: number,
): Promise<Reach> {
  const { index, simple, service, username, token, certificate } = request
  if (certificate !== undefined) {
    checkCertificate(await certificate.contents())
  }
  const given = service !== undefined
  const target = targetOf({ index, simple, service: given, port })
  if (service !== undefined) {
    const ports = await service.ports()
    checkPort(target, await Promise.all(ports.map((it) => it.port())))
  }
  return { target, service, username, token, certificate }
}
