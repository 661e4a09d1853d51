import type { Directory } from "@dagger.io/dagger"
import type { Attestations } from "./attestations.js"
import { type Channel, type Channels, channelOf, kindOf } from "./channel.js"
import type { Context } from "./context.js"
import { deliver } from "./deliver.js"
import { distFiles } from "./dist.js"
import { buildRefusals } from "./gate.js"
import { type Identity, identityRefusals } from "./identity.js"
import { MANIFEST, type Manifest, readManifest } from "./manifest.js"
import { publicVersion } from "./next.js"
import {
  type PassRequest,
  passDist,
  passSource,
  refOf,
  refuse,
  type Stopwatch,
} from "./pass.js"
import type { Publisher } from "./publisher.js"
import { type ReachRequest, reachOf } from "./reach.js"
import { beginReceipt, type Known, type Receipt, stopwatch } from "./receipt.js"
import { rehearsePublisher } from "./rehearse.js"
import type { Source } from "./source.js"
import { type Reach, rehearsalIndex, rehearsalToken } from "./upload.js"
import { admitChoice } from "./verify.js"
import { countedVersion } from "./version.js"

/** Where to publish, and as who. */
export interface PublishRequest
  extends ReachRequest,
    Omit<PassRequest, "reach"> {
  /** Empty for the channel's. */
  index: string
  channels: Channels
  identity: Identity
  allowToken: boolean
  attestations: Attestations
  deadline: number
  dryRun: boolean
  context: Context
  /** Whether a publish that broke off gives its receipt, too. */
  allowErrors: boolean
  /** The publisher that is registered; null where it was not told. */
  publisher: Publisher | null
}

/** The index to publish to; a rehearsal's is made for it. */
async function publishReach(
  request: PublishRequest,
  { index, kind, why }: Channel,
): Promise<Reach> {
  if (index === null) {
    throw new Error(
      `Nothing is published: ${why}. Pass --index to publish this ${kind} release all the same, or --channels=${kind}=INDEX.`,
    )
  }
  // Random: on the embedded engine containers share the machine's ports.
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const reach = await reachOf({ ...request, index }, port)
  if (reach.target.id !== "rehearsal") return reach
  const token = rehearsalToken()
  return { ...reach, service: rehearsalIndex(port, token), token }
}

/** Refuses who may not publish there. */
function admitIdentity(request: PublishRequest, { target, service }: Reach) {
  const { identity, allowToken, token } = request
  refuse(
    identityRefusals({
      ...{ target, allowToken, token: token !== undefined },
      requestUrl: identity.requestUrl !== undefined,
      requestToken: identity.requestToken !== undefined,
      idToken: identity.idToken !== undefined,
      service: service !== undefined,
    }),
  )
}

/** `--index`, or else the channel's. */
function chosenChannel(channel: Channel, index: string): Channel {
  return index === ""
    ? channel
    : { ...channel, index, why: `--index says ${index}` }
}

/** A release on its way: everything that is known before the gates. */
interface Release {
  named: Pick<Known, "project" | "version" | "commit" | "ref">
  channel: Channel
  /** Leads it through the gates. */
  pass(reach: Reach): Promise<Awaited<ReturnType<typeof passDist>>>
  /** Whether the confirmation may run the project's code. */
  hashOnly: boolean
}

async function ofSource(
  source: Source,
  request: PublishRequest,
  watch: Stopwatch,
): Promise<Release> {
  const { channels, index, python } = request
  const { build } = source
  if (index !== "" && index !== "rehearsal") {
    refuse(buildRefusals(build, { id: index }))
  }
  const counted = await countedVersion(source, python)
  const version = publicVersion(counted.version)
  const channel = chosenChannel(channelOf(build, version, channels), index)
  const pass = async (reach: Reach) => {
    const found =
      reach.target.id === "rehearsal"
        ? await rehearsePublisher(source, request.publisher)
        : []
    const passed = await passSource(
      ...([source, counted, { ...request, reach }, watch] as const),
    )
    return { ...passed, notices: [...passed.notices, ...found] }
  }
  const named = {
    ...{ project: source.project.name, version, ref: refOf(source) },
    commit: source.commit.commit,
  }
  return { named, channel, pass, hashOnly: false }
}

async function manifestIn(dist: Directory): Promise<Manifest | null> {
  const has = (await dist.entries()).includes(MANIFEST)
  return has ? readManifest(await dist.file(MANIFEST).contents()) : null
}

async function ofDist(
  dist: Directory,
  request: PublishRequest,
  watch: Stopwatch,
): Promise<Release> {
  const [file] = distFiles(await dist.entries())
  const manifest = await manifestIn(dist)
  const kind = kindOf(file?.version ?? "")
  const index = request.channels[kind]
  const why = `${kind} releases go to ${index}`
  const usual = { kind, index: index === "none" ? null : index, why }
  const pass = (reach: Reach) =>
    passDist(dist, manifest, { ...request, reach }, watch)
  const channel = chosenChannel(usual, request.index)
  const { project = "", version = "" } = manifest ?? file ?? {}
  const named = { project, version, commit: manifest?.commit ?? null }
  return { named: { ...named, ref: null }, channel, pass, hashOnly: true }
}

/** What is told of a release before its gates. */
function receiptOf(
  { named, channel }: Release,
  { context, dryRun, attestations }: PublishRequest,
  { target }: Reach,
  { stages }: Stopwatch,
): Receipt {
  const { id, upload, simple } = target
  const { kind, why } = channel
  return beginReceipt(
    {
      ...{ ...named, channel: { kind, why }, index: { id, upload, simple } },
      ...{ dryRun, context, stages },
    },
    attestations,
  )
}

/**
 * Takes a commit, or files built before, through every gate to an index, and
 * confirms that the index serves them.
 *
 * @param from - the source to build, or the folder that `build` gave
 * @returns the receipt; with `allowErrors` that of a failure, too, once it is
 *   known what goes where
 */
export async function publishRelease(
  from: { source: () => Promise<Source> } | { dist: Directory },
  request: PublishRequest,
): Promise<Receipt> {
  const watch = stopwatch()
  await admitChoice({ only: [], skip: request.skip })
  const release =
    "dist" in from
      ? await ofDist(from.dist, request, watch)
      : await ofSource(await from.source(), request, watch)
  const { channel, hashOnly } = release
  const reach = await publishReach(request, channel)
  const receipt = receiptOf(release, request, reach, watch)
  // A rehearsal's index starts while the gates are at work.
  const own = reach.target.id === "rehearsal" ? reach.service : undefined
  try {
    admitIdentity(request, reach)
    const passed = release.pass(reach)
    own?.start().catch(() => {}) // the upload that needs it says so
    const how = { ...request, reach, hashOnly }
    await deliver(receipt, await passed, how, watch)
  } catch (error) {
    if (!request.allowErrors) throw error
    receipt.failure = (error as Error).message
  } finally {
    await own?.stop({ kill: true }).catch(() => {}) // it ends with the call
  }
  return { ...receipt, seconds: watch.total() }
}
