import type { ExecutionResult } from "graphql"
import { EngineError } from "../errors.js"
import type {
  EnumDefinition,
  FunctionDefinition,
} from "../module/definitions.js"
import { namedType } from "../module/definitions.js"
import type { ObjectQuery, Value } from "./values.js"

/** The part of a session that queries go to. */
export interface Queryable {
  query(document: string): Promise<ExecutionResult>
}

/** A value with every object asked for: ids in the place of queries. */
export async function resolveValue(
  session: Queryable,
  value: Value,
): Promise<unknown> {
  if (Array.isArray(value)) {
    return Promise.all(value.map((item) => resolveValue(session, item)))
  }
  return isObjectQuery(value) ? leaf(session, nest(value.fields)) : value
}

/** `{ host { directory(path: "…") { id } } }` from its fields. */
function nest(fields: string[]): string {
  return fields.reduceRight((inner, field) => `{ ${field} ${inner} }`, "{ id }")
}

/**
 * Calls a field of a core object that is known by its id.
 *
 * @returns the scalar, or the id of the object, or the list of either.
 */
export async function callCore(
  session: Queryable,
  object: { type: string; id: string },
  callee: FunctionDefinition,
  values: Record<string, unknown>,
  enums: Record<string, EnumDefinition>,
): Promise<unknown> {
  const written = callee.parameters
    .filter(({ name }) => values[name] !== undefined)
    .map(({ name, type }) => {
      const isEnum = (namedType(type) ?? "") in enums
      return `${name}: ${literal(values[name], isEnum)}`
    })
  const args = written.length > 0 ? `(${written.join(", ")})` : ""
  const selection = objectResult(callee) ? " { id }" : ""
  return leaf(
    session,
    `{ node(id: ${JSON.stringify(object.id)}) { ... on ${object.type} { ${callee.name}${args}${selection} } } }`,
  )
}

/** Runs what an object stands for, e.g. a container's last command. */
export async function sync(
  session: Queryable,
  object: { type: string; id: string },
): Promise<void> {
  await leaf(
    session,
    `{ node(id: ${JSON.stringify(object.id)}) { ... on ${object.type} { sync } } }`,
  )
}

function objectResult({ returns }: FunctionDefinition): boolean {
  const inner = returns.kind === "list" ? returns.of : returns
  return inner.kind === "object"
}

function literal(value: unknown, isEnum: boolean): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => literal(item, isEnum)).join(", ")}]`
  }
  return isEnum ? String(value) : JSON.stringify(value)
}

/** The one value at the end of a document with one field on each level. */
async function leaf(session: Queryable, document: string): Promise<unknown> {
  const { data, errors } = await session.query(document)
  const [error] = errors ?? []
  if (error) {
    throw new EngineError(error.message, { cause: error })
  }
  return unwrap(data)
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unwrap)
  }
  if (typeof value === "object" && value !== null) {
    return unwrap(Object.values(value)[0])
  }
  return value
}

function isObjectQuery(value: Value): value is ObjectQuery {
  return typeof value === "object" && !Array.isArray(value)
}
