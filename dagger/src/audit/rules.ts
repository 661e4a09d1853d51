import type { Rule } from "./finding.js"
import { GATE_RULES } from "./gates.js"
import { IDENTITY_RULES } from "./identity.js"
import { TOKEN_RULES } from "./tokens.js"
import { VERSION_RULES } from "./versions.js"

/** Everything that is looked for, besides what zizmor knows. */
export const RULES: Rule[] = [
  ...TOKEN_RULES,
  ...IDENTITY_RULES,
  ...GATE_RULES,
  ...VERSION_RULES,
]
