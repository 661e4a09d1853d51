import { generateKeyPairSync, randomBytes } from "node:crypto"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import forge from "node-forge"

/** A certificate authority of one run, and what it signed. */
export interface Authority {
  /** The file that clients trust, PEM. */
  file: string
  /** Its text. */
  pem: string
  /** A server certificate for these host names and addresses. */
  issue(names: string[]): ServerCertificate
}

/** What a TLS server shows, PEM. */
export interface ServerCertificate {
  cert: string
  key: string
}

interface Pair {
  pem: string
  privateKey: forge.pki.rsa.PrivateKey
  publicKey: forge.pki.rsa.PublicKey
}

const ADDRESS = /^[\d.]+$/

function keys(): Pair {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString()
  const own = forge.pki.privateKeyFromPem(pem)
  const publicKey = forge.pki.setRsaPublicKey(own.n, own.e)
  return { pem, privateKey: own, publicKey }
}

function certificate(subject: string, { publicKey }: Pair) {
  const made = forge.pki.createCertificate()
  made.publicKey = publicKey
  // Positive: the first bit of a serial number is its sign.
  made.serialNumber = `01${randomBytes(15).toString("hex")}`
  made.setSubject([{ name: "commonName", value: subject }])
  const day = 24 * 3600 * 1000
  made.validity.notBefore = new Date(Date.now() - day)
  made.validity.notAfter = new Date(Date.now() + 7 * day)
  return made
}

/** A new authority, its certificate in a new temporary folder. */
export function makeAuthority(): Authority {
  const pair = keys()
  const own = certificate(`Tests ${randomBytes(4).toString("hex")}`, pair)
  own.setIssuer(own.subject.attributes)
  own.setExtensions([
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ])
  own.sign(pair.privateKey, forge.md.sha256.create())
  const pem = forge.pki.certificateToPem(own)
  const file = join(mkdtempSync(join(tmpdir(), "authority-")), "ca.pem")
  writeFileSync(file, pem)
  return { file, pem, issue: (names) => issue(names, own, pair) }
}

function issue(
  names: string[],
  authority: forge.pki.Certificate,
  { privateKey }: Pair,
): ServerCertificate {
  const pair = keys()
  const made = certificate(names[0] ?? "localhost", pair)
  made.setIssuer(authority.subject.attributes)
  made.setExtensions([
    { name: "basicConstraints", cA: false },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true },
    { name: "extKeyUsage", serverAuth: true },
    // Python 3.13 wants it.
    {
      name: "authorityKeyIdentifier",
      keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes(),
    },
    {
      name: "subjectAltName",
      altNames: names.map((name) =>
        ADDRESS.test(name) ? { type: 7, ip: name } : { type: 2, value: name },
      ),
    },
  ])
  made.sign(privateKey, forge.md.sha256.create())
  return { cert: forge.pki.certificateToPem(made), key: pair.pem }
}
