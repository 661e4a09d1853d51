import {
  grantOf,
  isMinted,
  projectName,
  projectOf,
  type Rule,
} from "./upload.js"

/** Some; the index refuses all. */
const STDLIB = ["asyncio", "json", "os", "sys", "typing", "unittest"]

/** How names are compared to tell those that look the same. */
function look(name: string): string {
  return name
    .toLowerCase()
    .replace(/[-_.]/g, "")
    .replace(/[1i]/g, "l")
    .replace(/0/g, "o")
}

/** Who uploads. */
export const identity: Rule[] = [
  ({ switches }) => switches.readOnly && "read-only",
  ({ switches }) => switches.uploadsDisabled && "uploads-disabled",
  ({ token }) => token === null && "no-authentication",
  ({ username }) => username !== "__token__" && "password",
  ({ token }) => {
    const reasons = {
      unknown: "no-authentication",
      signature: "token-signature",
      expired: "token-expired",
    } as const
    return token !== null && "invalid" in token && reasons[token.invalid]
  },
]

/** What they may upload. */
export const permission: Rule[] = [
  (it) => {
    const { switches } = it
    const fresh = projectOf(it) === undefined
    return fresh && switches.projectsDisabled && "projects-disabled"
  },
  (it) => projectOf(it) === undefined && isMinted(it) && "minted-new-project",
  (it) => STDLIB.includes(projectName(it)) && "name-stdlib",
  (it) => {
    const name = projectName(it)
    const names = [...it.holdings.projects.keys()]
    const alike = names.some((other) => look(other) === look(name))
    return projectOf(it) === undefined && alike && "name-similar"
  },
  (it) => {
    const { projects, user } = grantOf(it) ?? {}
    if (projects == null || projects.includes(projectName(it))) return undefined
    return user === "" ? "minted-scope" : "token-scope"
  },
  (it) => {
    const user = grantOf(it)?.user ?? ""
    const { unverified, withoutSecondFactor } = it.switches
    if (unverified.has(user)) return { id: "email-unverified", user }
    const weak = withoutSecondFactor.has(user)
    return weak && { id: "no-second-factor", user }
  },
  (it) => {
    const project = projectOf(it)
    const user = grantOf(it)?.user ?? ""
    if (project === undefined) return undefined
    const owned = user === "" || project.owners.has(user)
    if (owned && project.status === "active") return undefined
    return user === "" ? "token-not-allowed" : { id: "user-not-allowed", user }
  },
  (it) =>
    projectOf(it) === undefined &&
    it.switches.tooManyProjects &&
    "too-many-projects",
]
