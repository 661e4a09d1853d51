import type { Directory } from "@dagger.io/dagger"
import type { Attestations } from "./attestations.js"
import { type Channel, type Channels, channelOf, kindOf } from "./channel.js"
import type { Publisher } from "./claims.js"
import type { Context } from "./context.js"
import { deliver } from "./deliver.js"
import { distFiles, releasesOf } from "./dist.js"
import { manifestOf } from "./folder.js"
import { buildRefusals, uploadRefusals } from "./gate.js"
import { type Identity, identityRefusals } from "./identity.js"
import { publicVersion } from "./next.js"
import {
  type PassRequest,
  passDist,
  passSource,
  refOf,
  refuse,
  type Stopwatch,
} from "./pass.js"
import { type ReachRequest, reachOf } from "./reach.js"
import { beginReceipt, type Known, type Receipt, stopwatch } from "./receipt.js"
import { recordRefusals, refRefusals } from "./recorded.js"
import { fullRef } from "./ref.js"
import { showIdentities, startRehearsal, tryoutsOf } from "./rehearse.js"
import type { Source } from "./source.js"
import type { Tryout } from "./tryout.js"
import type { Reach } from "./upload.js"
import { admitChoice } from "./verify.js"
import { countedVersion } from "./version.js"

/** Where to publish, and as who. */
export interface PublishRequest
  extends ReachRequest,
    Omit<PassRequest, "reach"> {
  /** Empty for the channel's. */
  index: string
  /** `--ref`; empty where not given. */
  ref: string
  channels: Channels
  identity: Identity
  allowToken: boolean
  attestations: Attestations
  dryRun: boolean
  context: Context
  /** Whether a publish that broke off gives its receipt, too. */
  allowErrors: boolean
  /** The publishers that are registered; none where that was not told. */
  publishers: Publisher[]
}

/** The index to publish to; a rehearsal's is not there yet. */
async function publishReach(
  request: PublishRequest,
  { index, kind, why }: Channel,
): Promise<Reach> {
  if (index === null) {
    throw new Error(
      `Nothing is published: ${why}. Pass --index to publish this ${kind} release all the same, or --channels=${kind}=INDEX.`,
    )
  }
  // Random: on the embedded engine containers share the machine's ports. Those
  // from 32,768 on Linux hands out by itself.
  const port = 20_000 + Math.floor(Math.random() * 12_000)
  return reachOf({ ...request, index }, port)
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
      service: service !== undefined || target.id === "rehearsal",
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
  /** Jobs that publish it, as far as its workflows are at hand. */
  tryouts(): Promise<Tryout[]>
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
  const pass = (reach: Reach) =>
    passSource(source, counted, { ...request, reach }, watch)
  const tryouts = () => tryoutsOf(source, request.publishers)
  const named = {
    ...{ project: source.project.name, version, ref: refOf(source) },
    commit: source.commit.commit,
  }
  return { named, channel, tryouts, pass, hashOnly: false }
}

async function ofDist(
  dist: Directory,
  request: PublishRequest,
  watch: Stopwatch,
): Promise<Release> {
  if (request.ref !== "") fullRef(request.ref)
  const [file] = distFiles(await dist.entries())
  const manifest = await manifestOf(dist)
  if (manifest) refuse(recordRefusals(manifest, file))
  refuse(refRefusals(request.ref, file))
  const kind = kindOf(file.version)
  const index = request.channels[kind]
  const why = `${kind} releases go to ${index}`
  const usual = { kind, index: index === "none" ? null : index, why }
  // No git is at hand: who calls knows what the folder was built of.
  const ref = request.ref || request.context.ref || null
  const pass = async (reach: Reach) => ({
    ...(await passDist(dist, manifest, { ...request, reach }, watch)),
    ref,
  })
  const channel = chosenChannel(usual, request.index)
  const { project, version } = manifest ?? file
  const named = { project, version, ref, commit: manifest?.commit ?? null }
  const tryouts = async () => []
  return { named, channel, tryouts, pass, hashOnly: true }
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

/** Publishes to an index that is started for it, as the project's own job. */
async function rehearse(
  receipt: Receipt,
  release: Release,
  request: PublishRequest,
  target: Reach,
  watch: Stopwatch,
): Promise<void> {
  const { hashOnly, named } = release
  const { publishers } = request
  const rehearsal = startRehearsal(target, await release.tryouts())
  const { reach } = rehearsal
  // It starts while the gates are at work.
  reach.service.start().catch(() => {}) // the upload that needs it says so
  try {
    const { notices, identity } = hashOnly
      ? { notices: [], identity: {} }
      : await showIdentities(rehearsal, named.project, publishers)
    const passed = await release.pass(reach)
    // What local builds make is worth rehearsing, and not to be uploaded.
    const files = releasesOf(passed.checks.files.map(({ name }) => name))
    const pypi = { ...reach.target, id: "pypi", pypiRules: true }
    const later = request.sdistOnly
      ? []
      : uploadRefusals({ target: pypi, files })
    const all = [...passed.notices, ...notices, ...later]
    const told = { ...passed, notices: all }
    const how = { ...request, reach, identity, hashOnly }
    await deliver(receipt, told, how, watch)
  } finally {
    await reach.service.stop({ kill: true }).catch(() => {}) // ends with the call
  }
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
  try {
    admitIdentity(request, reach)
    if (reach.target.id === "rehearsal") {
      await rehearse(receipt, release, request, reach, watch)
    } else {
      const passed = await release.pass(reach)
      await deliver(receipt, passed, { ...request, reach, hashOnly }, watch)
    }
  } catch (error) {
    if (!request.allowErrors) throw error
    receipt.failure = (error as Error).message
  }
  return { ...receipt, seconds: watch.total() }
}
