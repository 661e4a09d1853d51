import { RECEIPT_SCHEMA, type Receipt } from "./receipt.js"
import { table } from "./toml.js"

/** What a value is: a type, a list of something, or an object's fields. */
type Shape = "string" | "number" | "boolean" | [each: Shape] | Fields

/** By name; `?` after it where the value may be null. */
interface Fields {
  [name: string]: Shape
}

const FILE: Fields = {
  ...{ name: "string", kind: "string", sha256: "string", size: "number" },
  ...{ outcome: "string", attempts: "number", faults: ["string"] },
  seconds: "number",
}

const SHAPE: Fields = {
  ...{ dryRun: "boolean", project: "string", version: "string" },
  ...{ "commit?": "string", "ref?": "string" },
  channel: { kind: "string", why: "string" },
  index: { id: "string", upload: "string", simple: "string" },
  tools: ["string"],
  files: [FILE],
  gates: {
    tests: [{ python: "string", outcome: "string" }],
    checks: ["string"],
  },
  claims: {},
  attestations: { mode: "string", files: ["string"] },
  "confirmation?": { "python?": "string", imported: ["string"] },
  context: {},
  stages: [{ name: "string", seconds: "number" }],
  ...{ seconds: "number", notices: ["string"] },
  ...{ "install?": "string", "failure?": "string" },
}

/** The first place where a value has not its shape; none where it has. */
function misshapen(value: unknown, shape: Shape, place: string): string[] {
  if (typeof shape === "string") return typeof value === shape ? [] : [place]
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [place]
    const [each] = shape
    return value
      .flatMap((it, at) => misshapen(it, each, `${place}[${at}]`))
      .slice(0, 1)
  }
  if (typeof value !== "object" || value === null) return [place]
  return Object.entries(shape)
    .flatMap(([label, inner]) => {
      const name = label.replace("?", "")
      const found = table(value)[name]
      return found === null && name !== label
        ? []
        : misshapen(found, inner, place === "" ? name : `${place}.${name}`)
    })
    .slice(0, 1)
}

function parsed(text: string): Record<string, unknown> {
  try {
    return table(JSON.parse(text))
  } catch {
    return {} // no JSON is no receipt either
  }
}

/**
 * Reads a receipt back.
 *
 * @throws a sentence where the text is none, with the field that is wrong
 */
export function readReceipt(text: string): Receipt {
  const told = parsed(text)
  if (told.schema !== RECEIPT_SCHEMA) {
    throw new Error(
      `The file is no receipt of the form ${RECEIPT_SCHEMA}. Pass what \`publish --format=json\` gave.`,
    )
  }
  // The field came later than others of this schema.
  const receipt: Record<string, unknown> = { failure: null, ...told }
  const [wrong] = misshapen(receipt, SHAPE, "")
  if (wrong !== undefined) {
    throw new Error(
      `The receipt has no ${wrong} of the form ${RECEIPT_SCHEMA}. Pass what \`publish --format=json\` gave, as it is.`,
    )
  }
  return receipt as unknown as Receipt
}
