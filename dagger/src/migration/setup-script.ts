import { type Table } from "../toml.js"
import type { OldBackendId } from "./backends.js"
import type { Survey } from "./survey.js"

/** What setuptools runs wherever it is there. */
export const SETUP_SCRIPT = "setup.py"

/**
 * Whether there is a setup.py that the old backend never ran: what it says,
 * the version too, would outweigh git from now on.
 *
 * @param pyproject - some backends run one that their settings name
 */
export function hasIdleScript(
  backend: OldBackendId,
  pyproject: Table,
  { tracked }: Pick<Survey, "tracked">,
): boolean {
  return (
    backend !== "setuptools" &&
    tracked.some(({ path }) => path === SETUP_SCRIPT) &&
    !JSON.stringify(pyproject.tool ?? {}).includes(SETUP_SCRIPT)
  )
}
