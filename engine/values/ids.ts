import { EngineError } from "../errors.js"
import { type Value, valueDigest } from "./values.js"

/**
 * The values that a session gave ids for. An id tells the type and the digest
 * of how the value was made, so equal values have equal ids.
 */
export class Ids {
  private readonly values = new Map<string, Value>()

  /** @example "Directory@9f86d081…" */
  of(value: Value): string {
    const id = `${value.type}@${valueDigest(value)}`
    this.values.set(id, value)
    return id
  }

  /**
   * The value of an id.
   *
   * @throws EngineError for one that this session never gave
   */
  get(id: string): Value {
    const value = this.values.get(id)
    if (value === undefined) {
      throw new EngineError(
        `There is no object with the id ${quote(id)} in this session.`,
      )
    }
    return value
  }

  /**
   * The value of an id, which must be of a type.
   *
   * @throws EngineError for another
   */
  expect<T extends Value["type"]>(
    id: string,
    type: T,
  ): Extract<Value, { type: T }> {
    const value = this.get(id)
    if (value.type !== type) {
      throw new EngineError(
        `A ${type} is needed, but ${quote(id)} is a ${value.type}.`,
      )
    }
    return value as Extract<Value, { type: T }>
  }
}

function quote(id: string): string {
  return JSON.stringify(id.length > 40 ? `${id.slice(0, 40)}…` : id)
}
