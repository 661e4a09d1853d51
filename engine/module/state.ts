import * as sdk from "@dagger.io/dagger"
import type {
  ModuleDefinition,
  ObjectDefinition,
  ParameterDefinition,
  TypeReference,
} from "./definitions.js"

/** What a module's sources export. */
export type ModuleExports = Record<string, unknown>

/** An object of a module's class. */
export type Instance = Record<string, unknown>

type Constructor = new (...args: unknown[]) => Instance

/**
 * Values on their way into a module's functions and out of them: objects of
 * the API as ids, objects of the module as their declared fields.
 */
export class State {
  constructor(
    private readonly module: ModuleExports,
    private readonly definition: ModuleDefinition,
  ) {}

  /** The class of a name, if it is exported. */
  exported(name: string): Constructor | undefined {
    const found = this.module[name]
    return isConstructor(found) ? found : undefined
  }

  /** The definition of a value's class, also where its type is an interface. */
  objectOf(value: unknown, type: TypeReference): ObjectDefinition {
    const declared = "name" in type ? type.name : type.kind
    const { objects } = this.definition
    const own = (value as object).constructor.name
    const object = objects[own] ?? objects[declared]
    if (!object) {
      throw new Error(`The module has no object ${declared}.`)
    }
    return object
  }

  /**
   * A value as data.
   *
   * @param open whether only what functions can ask for is in it, as in a
   *   result for people, and not all that an object knows
   */
  async encode(
    value: unknown,
    type: TypeReference,
    open = false,
  ): Promise<unknown> {
    if (value === undefined || value === null) {
      return null
    }
    if (type.kind === "list") {
      const items = value as unknown[]
      return Promise.all(items.map((item) => this.encode(item, type.of, open)))
    }
    if (type.kind === "object") {
      return hasId(value)
        ? value.id()
        : this.encodeOwn(value, this.objectOf(value, type), open)
    }
    if (type.kind === "integer" && !Number.isInteger(value)) {
      throw new Error(
        `A function whose result is "number" gave ${value}, which is no whole number: declare the result as "float".`,
      )
    }
    return value
  }

  /** Arguments in the order of the parameters. */
  decodeAll(
    parameters: ParameterDefinition[],
    values: Record<string, unknown>,
  ): unknown[] {
    return parameters.flatMap(({ name, type, nullable, variadic }) => {
      const value = this.decode(values[name], type)
      if (variadic) {
        return (value as unknown[] | undefined) ?? []
      }
      return [value ?? (nullable ? null : undefined)]
    })
  }

  /**
   * An object as the next function sees it: made of its declared fields, and
   * not by its constructor, as the Dagger engine hands it on.
   */
  async restored(value: unknown, type: TypeReference): Promise<Instance> {
    const object = this.objectOf(value, type)
    return this.decodeOwn(await this.encodeOwn(value, object), object)
  }

  private decode(value: unknown, type: TypeReference): unknown {
    if (value === undefined || value === null) {
      return value
    }
    if (type.kind === "list") {
      return (value as unknown[]).map((item) => this.decode(item, type.of))
    }
    if (type.kind !== "object") {
      return value
    }
    const own = this.definition.objects[type.name]
    return own
      ? this.decodeOwn(value as Instance, own)
      : coreObject(type.name, String(value))
  }

  private async encodeOwn(
    value: unknown,
    { name, fields = {}, functions }: ObjectDefinition,
    open = false,
  ): Promise<Instance> {
    const state: Instance = {}
    const shown = Object.values(functions)
      .filter((it) => it.field)
      .map((it) => it.member ?? it.name)
    for (const [key, item] of Object.entries(value as Instance)) {
      const field = fields[key]
      if (!field) {
        throw new Error(
          `${name}.${key} is set, but not declared: declare it as a property of ${name}, of a type that Dagger has.`,
        )
      }
      if (item !== undefined && (!open || shown.includes(key))) {
        state[key] = await this.encode(item, field, open)
      }
    }
    return state
  }

  private decodeOwn(
    state: Instance,
    { name, fields = {} }: ObjectDefinition,
  ): Instance {
    const prototype = this.exported(name)?.prototype ?? Object.prototype
    const made = Object.create(prototype) as Instance
    for (const [key, type] of Object.entries(fields)) {
      if (key in state) {
        made[key] = this.decode(state[key], type)
      }
    }
    return made
  }
}

/** The SDK's own object for an id, as the SDK makes them: `node(id:)`. */
function coreObject(name: string, id: string): unknown {
  const CoreType = (sdk as ModuleExports)[name]
  if (!isConstructor(CoreType)) {
    throw new Error(`The SDK has no type ${name}.`)
  }
  return new CoreType(new sdk.Context().selectNode(id, name))
}

function hasId(value: unknown): value is { id(): Promise<string> } {
  return typeof (value as { id?: unknown }).id === "function"
}

function isConstructor(value: unknown): value is Constructor {
  return typeof value === "function"
}
