import { field } from "../form.js"
import type { Rule } from "./upload.js"

const METADATA_VERSIONS = [
  "1.0",
  "1.1",
  "1.2",
  "2.1",
  "2.2",
  "2.3",
  "2.4",
  "2.5",
]
const VERSION =
  /^v?(\d+!)?\d+(\.\d+)*([-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?([-_.]?dev[-_.]?\d*)?(\+[a-z\d]+([-_.][a-z\d]+)*)?$/i
/** The first words of the classifiers that there are. */
const CLASSIFIERS = [
  ...["Development Status", "Environment", "Framework", "Intended Audience"],
  ...["License", "Natural Language", "Operating System"],
  ...["Programming Language", "Topic", "Typing"],
]
/** What the form says. */
export const metadata: Rule[] = [
  ({ form }) => {
    const value = field(form, "metadata_version")
    return (
      !METADATA_VERSIONS.includes(value) && { id: "metadata-version", value }
    )
  },
  ({ form }) => !VERSION.test(field(form, "version")) && "version-invalid",
  ({ form }) => field(form, "version").includes("+") && "version-local",
  ({ form }) => {
    const value = (form.fields.get("classifiers") ?? []).find(
      (it) => !CLASSIFIERS.includes(it.split(" :: ")[0] ?? ""),
    )
    return value !== undefined && { id: "classifier", value }
  },
  ({ form }) => {
    const value = (form.fields.get("requires_dist") ?? []).find((it) =>
      /^[\w.-]+(\[[^\]]*\])?\s*@/.test(it),
    )
    return value !== undefined && { id: "direct-dependency", value }
  },
  ({ form }) => {
    const value = field(form, "metadata_version")
    const early = field(form, "license_expression") !== "" && value < "2.4"
    return early && { id: "license-expression", value }
  },
  ({ form }) =>
    field(form, "license_expression") !== "" &&
    field(form, "license") !== "" &&
    "license-and-expression",
  ({ form }) => field(form, "summary").length > 512 && "summary",
]

/** Asked after permission. */
export const described: Rule[] = [
  ({ form }) => {
    const text = field(form, "description")
    const kind = field(form, "description_content_type")
    return text !== "" && text.trim() === "" && kind === "" && "description"
  },
]
