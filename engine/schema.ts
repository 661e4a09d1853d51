import { buildSchema, type GraphQLSchema } from "graphql"
import { assetText } from "./assets.js"

/**
 * The part of the Dagger API that the embedded engine has. That it is valid,
 * the tests know.
 */
export const schema: GraphQLSchema = buildSchema(assetText("schema.graphql"), {
  assumeValidSDL: true,
  assumeValid: true,
})
