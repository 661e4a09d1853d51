import type { ExecutionResult } from "graphql"
import { EngineError } from "../errors.js"
import type { ExecFailure } from "../module/answer.js"
import type {
  EnumDefinition,
  FunctionDefinition,
} from "../module/definitions.js"
import { namedType } from "../module/definitions.js"
import { FunctionError } from "./failure.js"
import { kebab } from "./names.js"
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
      const isEnum = Object.hasOwn(enums, String(namedType(type)))
      return `${name}: ${literal(values[name], isEnum)}`
    })
  const args = written.length > 0 ? `(${written.join(", ")})` : ""
  const selection = objectResult(callee) ? " { id }" : ""
  return field(
    session,
    object,
    `${callee.name}${args}${selection}`,
    kebab(callee.name),
  )
}

/** The value of a field of a core object that is known by its id. */
export function field(
  session: Queryable,
  { type, id }: { type: string; id: string },
  selection: string,
  step = selection,
): Promise<unknown> {
  const written = JSON.stringify(id)
  return leaf(
    session,
    `{ node(id: ${written}) { ... on ${type} { ${selection} } } }`,
    step,
  )
}

/** Calls for an id, or for each of a list of them. */
export async function each(
  ids: unknown,
  call: (id: string) => Promise<unknown>,
): Promise<unknown> {
  return Array.isArray(ids)
    ? Promise.all(ids.map((id) => each(id, call)))
    : call(String(ids))
}

/** Runs what an object stands for, e.g. a container's last command. */
export function sync(
  session: Queryable,
  object: { type: string; id: string },
): Promise<unknown> {
  return field(session, object, "sync")
}

function objectResult({ returns }: FunctionDefinition): boolean {
  return (returns.kind === "list" ? returns.of : returns).kind === "object"
}

function literal(value: unknown, isEnum: boolean): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => literal(item, isEnum)).join(", ")}]`
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
    const written = fields.map(
      ([name, one]) => `${name}: ${literal(one, false)}`,
    )
    return `{ ${written.join(", ")} }`
  }
  return isEnum ? String(value) : JSON.stringify(value)
}

/** The one value at the end of a document with one field on each level. */
async function leaf(
  session: Queryable,
  document: string,
  step?: string,
): Promise<unknown> {
  const { data, errors = [] } = await session.query(document)
  const [error] = errors
  if (error) {
    throw isExecFailure(error.extensions)
      ? new FunctionError(
          { message: error.message, exec: error.extensions },
          step,
        )
      : new EngineError(error.message, { cause: error })
  }
  return unwrap(data)
}

function isExecFailure(extensions: object): extensions is ExecFailure {
  return "_type" in extensions && extensions._type === "EXEC_ERROR"
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
  return typeof value === "object" && "fields" in value
}
