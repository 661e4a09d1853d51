import { spread } from "../../bench/statistics.js"
import type { Deployment } from "./deploy.js"

/** What a run must reach. */
export const TARGETS = { installable: 0.995, seconds: 300 }

/** What was wrong with one deployment, in words; none where nothing was. */
export function complaints(deployment: Deployment): string[] {
  const { exitCode, complete, installable, seconds } = deployment
  return [
    deployment.wrongBytes && "other bytes are on the index",
    deployment.misreported && "it was reported wrongly",
    exitCode === 0 && !complete && "files are missing",
    !installable && "it cannot be installed",
    exitCode !== 0 && `it ended with ${exitCode}`,
    seconds > TARGETS.seconds && `it took ${seconds.toFixed(0)} s`,
  ].filter((it) => it !== false)
}

/** A run's figures, and whether it reached what it must. */
export function summary(deployments: Deployment[]): {
  lines: string[]
  passed: boolean
} {
  const count = deployments.length
  const many = (is: (it: Deployment) => boolean) =>
    deployments.filter(is).length
  const installable = many((it) => it.installable) / count
  const late = many((it) => it.seconds > TARGETS.seconds)
  const wrong = many((it) => it.wrongBytes)
  const missing = many((it) => it.exitCode === 0 && !it.complete)
  const misreported = many((it) => it.misreported)
  const time = spread(deployments.map((it) => it.seconds))
  const requests = deployments.reduce((sum, it) => sum + it.requests, 0)
  const faults = new Map<string, number>()
  for (const deployment of deployments)
    for (const [kind, times] of Object.entries(deployment.faults))
      faults.set(kind, (faults.get(kind) ?? 0) + times)
  const met = [...faults.values()].reduce((sum, times) => sum + times, 0)
  const list = [...faults].map(([kind, times]) => `${kind} ${times}`)
  const succeeded = many((it) => it.exitCode === 0)
  return {
    lines: [
      `${count} deployments, ${succeeded} reported as done, ${(installable * 100).toFixed(2)} % installable (at least ${TARGETS.installable * 100} %)`,
      `${wrong} with wrong bytes, ${missing} with missing files, ${misreported} reported wrongly, ${late} over ${TARGETS.seconds} s (none of each)`,
      `seconds: ${time.minimum.toFixed(1)} / ${time.median.toFixed(1)} / ${time.maximum.toFixed(1)} (minimum, median, maximum)`,
      `${met} faults in ${requests} requests and connections: ${list.sort().join(", ")}`,
    ],
    passed:
      installable >= TARGETS.installable &&
      late + wrong + missing + misreported === 0,
  }
}
