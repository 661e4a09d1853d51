import type { Changeset } from "@dagger.io/dagger"
import type { MigrateRequest } from "./migrate.js"

/** The inverse of a migration. */
export async function undoMigration(
  request: MigrateRequest,
): Promise<Changeset> {
  return request.directory.changes(request.directory)
}
