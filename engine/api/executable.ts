import type { GraphQLSchema } from "graphql"
import { schema } from "../schema.js"
import { address } from "./address.js"
import { type Resolvers, withResolvers } from "./api.js"
import { changeset } from "./changeset.js"
import { container } from "./container.js"
import { directory } from "./directory.js"
import { file } from "./file.js"
import { gitRef, gitRepository } from "./git.js"
import { host } from "./host.js"
import {
  cacheVolume,
  currentModule,
  envVariable,
  label,
  port,
  query,
  secret,
  stat,
} from "./query.js"
import { service } from "./service.js"

/** What answers each type of the schema. */
export const resolvers: Record<string, Resolvers<never>> = {
  Address: address,
  CacheVolume: cacheVolume,
  Changeset: changeset,
  Container: container,
  CurrentModule: currentModule,
  Directory: directory,
  EnvVariable: envVariable,
  File: file,
  GitRef: gitRef,
  GitRepository: gitRepository,
  Host: host,
  Label: label,
  Port: port,
  Query: query,
  Secret: secret,
  Service: service,
  Stat: stat,
}

/** The schema, ready to answer. */
export const executableSchema: GraphQLSchema = withResolvers(schema, resolvers)
