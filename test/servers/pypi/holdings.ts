import type { Publisher } from "../../../dagger/src/claims.js"

/** A file as it was stored. */
export interface StoredFile {
  name: string
  /** Where its bytes are on this machine. */
  path: string
  size: number
  md5: string
  sha256: string
  blake2: string
  kind: "sdist" | "bdist_wheel"
  requiresPython: string
  uploaded: Date
  /** The wheel's METADATA; null for sdists. */
  metadata: string | null
  /** As they were sent, JSON; null where none were. */
  attestations: string | null
}

export interface Release {
  version: string
  created: Date
  /** The reason, maybe empty, of a yanked release; null where it is not. */
  yanked: string | null
  quarantined: boolean
  files: Map<string, StoredFile>
}

export interface Project {
  /** As it was first written. */
  name: string
  status: "active" | "archived" | "quarantined"
  owners: Set<string>
  publishers: Publisher[]
  releases: Map<string, Release>
  /** Names of deleted files: taken for ever. */
  deleted: Set<string>
  /** The number of its last change, among all changes of the index. */
  serial: number
}

/** A publisher of a project that is not there yet. */
export interface PendingPublisher extends Publisher {
  project: string
  user: string
}

/** All that the index knows. */
export interface Holdings {
  serial: number
  /** By normalised name. */
  projects: Map<string, Project>
  pending: PendingPublisher[]
}

/** A project's name as URLs have it (PEP 503). */
export function normalised(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase()
}

/** Counts a change of a project. */
export function changed(holdings: Holdings, project: Project): void {
  holdings.serial += 1
  project.serial = holdings.serial
}

/** A new project, with nothing in it. */
export function addProject(
  holdings: Holdings,
  name: string,
  owner: string,
): Project {
  const project: Project = {
    name,
    status: "active",
    owners: new Set([owner]),
    publishers: [],
    releases: new Map(),
    deleted: new Set(),
    serial: 0,
  }
  holdings.projects.set(normalised(name), project)
  changed(holdings, project)
  return project
}

/** The files of a project, quarantined ones too. */
export function filesOf(project: Project): StoredFile[] {
  return [...project.releases.values()].flatMap((it) => [...it.files.values()])
}
