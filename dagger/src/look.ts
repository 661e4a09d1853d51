import { type Channels, channelOf } from "./channel.js"
import { base, withTools } from "./container.js"
import { type Holdings, type Listing, readHoldings } from "./holdings.js"
import { publicVersion } from "./next.js"
import { type Plan, type PlanFacts, planOf } from "./plan.js"
import { type ReachRequest, reachOf } from "./reach.js"
import type { Source } from "./source.js"
import { ask } from "./tool.js"
import { READER, type Reach, withIndex } from "./upload.js"
import { countedVersion } from "./version.js"

/**
 * Asks an index for the files of a project (tools/holdings.py).
 *
 * @param deadline - seconds that faults are waited out for; default: a minute
 */
export function listingOf(
  reach: Reach,
  project: string,
  deadline?: number,
): Promise<Listing> {
  const container = base()
    .with(withTools("holdings.py", ...READER))
    .with(withIndex(reach))
  const { upload, simple } = reach.target
  return ask<Listing>(container, "Asking the index", [
    ...["python", "/tools/holdings.py", "--url", upload],
    ...["--simple", simple, "--name", project],
    ...(deadline === undefined ? [] : ["--deadline", String(deadline)]),
  ])
}

/** What an index holds of a project, with one version in mind. */
export async function holdingsOf(
  reach: Reach,
  project: string,
  version: string,
  deadline?: number,
): Promise<Holdings> {
  return readHoldings(await listingOf(reach, project, deadline), version)
}

/** What a plan is asked with. */
export interface PlanRequest extends ReachRequest {
  channels: Channels
  /** Instead of the channel's; empty for that one. */
  index: string
  python: string
}

async function lookAt(
  reach: Reach,
  project: string,
  version: string,
): Promise<PlanFacts["asked"]> {
  // A rehearsal's index is made for a publish, and holds nothing before.
  if (reach.target.id === "rehearsal") return null
  try {
    return { held: await holdingsOf(reach, project, version) }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

/** Decides what a publish of this source would do, and looks at its index. */
export async function planRelease(
  source: Source,
  request: PlanRequest,
): Promise<Plan> {
  const { channels, python } = request
  const counted = await countedVersion(source, python)
  const version = publicVersion(counted.version)
  const channel = channelOf(source.build, version, channels)
  const index = channel.index && (request.index || channel.index)
  if (index === null) {
    return planOf({ source, counted, channel, target: null, asked: null })
  }
  // Port 0: a rehearsal's index is made by publish alone.
  const reach = await reachOf({ ...request, index }, 0)
  const { target } = reach
  const asked = await lookAt(reach, source.project.name, version)
  return planOf({ source, counted, channel, target, asked })
}
