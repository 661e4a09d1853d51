/** What is in the store. Times are in milliseconds since 1970. */
export interface Contents {
  records: { digest: string; used: number; layers: string[] }[]
  layers: { id: string; made: number; bytes: number }[]
  caches: { name: string; used: number; bytes: number }[]
}

export interface Policy {
  now: number
  /** What was used after this belongs to calls that still run. */
  inUseSince: number
  /** In milliseconds. */
  maxAge: number
  maxBytes: number
}

/** What is to be removed. */
export interface Choice {
  records: string[]
  layers: string[]
  caches: string[]
}

/**
 * Chooses what to remove: what was not used for too long, then what was not
 * used for longest until the rest is small enough. Layers go when no record
 * that stays has them.
 */
export function choose(contents: Contents, policy: Policy): Choice {
  const units = [
    ...contents.records.map((record) => ({
      kind: "record" as const,
      ...record,
    })),
    ...contents.caches.map((cache) => ({ kind: "cache" as const, ...cache })),
  ].sort((a, b) => a.used - b.used)
  const gone = new Set<(typeof units)[number]>()
  const rest = () =>
    remaining(
      contents,
      units.filter((unit) => !gone.has(unit)),
      policy,
    )
  for (const unit of units) {
    if (unit.used >= policy.inUseSince) {
      break
    }
    const old = policy.now - unit.used > policy.maxAge
    if (!old && rest().bytes <= policy.maxBytes) {
      break
    }
    gone.add(unit)
  }
  const kept = rest().layers
  return {
    records: [...gone].flatMap((one) =>
      one.kind === "record" ? one.digest : [],
    ),
    caches: [...gone].flatMap((one) => (one.kind === "cache" ? one.name : [])),
    layers: contents.layers
      .filter(({ id }) => !kept.has(id))
      .map(({ id }) => id),
  }
}

type Unit =
  | ({ kind: "record" } & Contents["records"][number])
  | ({ kind: "cache" } & Contents["caches"][number])

function remaining(
  { layers }: Contents,
  units: readonly Unit[],
  { inUseSince }: Policy,
): { layers: Set<string>; bytes: number } {
  const referred = new Set(
    units.flatMap((unit) =>
      // `ID/PATH` is a folder in the layer `ID`.
      unit.kind === "record"
        ? unit.layers.map((one) => one.replace(/\/.*$/, ""))
        : [],
    ),
  )
  // A layer may be new, and its record about to be written.
  const kept = layers.filter(
    ({ id, made }) => referred.has(id) || made >= inUseSince,
  )
  const caches = units.flatMap((unit) =>
    unit.kind === "cache" ? unit.bytes : [],
  )
  const sizes = [...kept.map(({ bytes }) => bytes), ...caches]
  return {
    layers: new Set(kept.map(({ id }) => id)),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  }
}
