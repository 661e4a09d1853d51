import type { Rollback } from "./decide.js"

/** What `--apply` was given to work with. */
interface Means {
  /** Empty where not given. */
  repository: string
  token: boolean
}

/** Why `--apply` can do nothing, before anything is asked; null where it can. */
export function meansRefusal({ repository, token }: Means): string | null {
  const plan = "or leave --apply out for the plan alone."
  if (repository === "") {
    return `--apply without --repository changes nothing: what can be done for you is on GitHub. Pass --repository=OWNER/NAME and --token, ${plan}`
  }
  return token
    ? null
    : `--apply needs --token, a token with \`contents: write\` on ${repository}. Pass it, ${plan}`
}

type Planned = Pick<
  Rollback,
  "project" | "version" | "state" | "good" | "problem" | "byHand"
>

/** Why a release is not rolled back; null where it can be. */
export function planRefusal(plan: Planned): string | null {
  const { project, version, state, good, problem, byHand } = plan
  if (state === "half") {
    return `Nothing was rolled back, as ${project} ${version} is half published. ${byHand.join(" ")} If what is there is all that was published, pass a folder of just these files with --dist.`
  }
  return problem === null
    ? null
    : `Nothing was rolled back, as ${project} ${good}, the last good release, cannot be installed: ${problem}`
}

/** What is said of an index, with the flags of `rollback`: it has two tokens. */
export function namedHere(said: string): string {
  return said.replace(/--(token|username)\b/g, "--index-$1")
}
