import { actionOf, linesOf } from "./commands.js"
import { table } from "./toml.js"
import type { Step } from "./workflow.js"

/** A way in which an uploader is given a token or a password. */
export interface Way {
  /** What it is told as, where it stands in a script. */
  name: string
  /** Names of variables that the uploader reads. */
  variable?: RegExp
  /** A line of a script. */
  line?: RegExp
  /** An action, in lower case, and the names of its inputs. */
  action?: { name: string; inputs: RegExp }
}

/** Every way that is known, by what reads it. */
export const WAYS: Way[] = [
  {
    name: "twine --password",
    variable: /^TWINE_PASSWORD$/i,
    line: /\btwine\s+upload\b.*\s(?:-p|--password)(?:[\s=]|$)/,
  },
  {
    name: "uv publish --token",
    variable: /^UV_PUBLISH_(?:TOKEN|PASSWORD)$/i,
    line: /\buv\s+publish\b.*\s(?:-t|--token|-p|--password)(?:[\s=]|$)/,
  },
  {
    name: "poetry config",
    variable:
      /^POETRY_(?:PYPI_TOKEN_\w+|HTTP_BASIC_(?:TEST_?)?PYPI_PASSWORD)$/i,
    line: /\bpoetry\s+config\s+(?:--\S+\s+)*(?:pypi-token\.\S+|http-basic\.(?:test-?)?pypi)\s+\S/,
  },
  {
    name: "poetry publish --password",
    line: /\bpoetry\s+publish\b.*\s(?:-p|--password)(?:[\s=]|$)/,
  },
  {
    name: "hatch publish --auth",
    variable: /^HATCH_INDEX_AUTH$/i,
    line: /\bhatch\b.*\spublish\b.*\s(?:-a|--auth)(?:[\s=]|$)/,
  },
  { name: "flit publish", variable: /^FLIT_PASSWORD$/i },
  {
    name: "pdm publish --password",
    variable: /^PDM_PUBLISH_PASSWORD$/i,
    line: /\bpdm\s+publish\b.*\s(?:-P|--password)(?:[\s=]|$)/,
  },
  {
    name: "maturin --password",
    variable: /^MATURIN_(?:PYPI_TOKEN|PASSWORD)$/i,
    line: /\bmaturin\s+(?:publish|upload)\b.*\s(?:-p|--password)(?:[\s=]|$)/,
  },
  {
    name: "rye publish --token",
    line: /\brye\s+publish\b.*\s--token(?:[\s=]|$)/,
  },
  {
    name: "keyring set",
    line: /\bkeyring\s+set\s+\S*\bpypi\.org\b/,
  },
  { name: ".pypirc", line: />{1,2}\s*\S*\.pypirc\b|\btee\b.*\.pypirc\b/ },
  { name: "a token", variable: /^(?:TEST_?)?PYPI_(?:API_)?TOKEN$/i },
  {
    name: "pypa/gh-action-pypi-publish",
    action: { name: "pypa/gh-action-pypi-publish", inputs: /^password$/ },
  },
  {
    name: "JRubics/poetry-publish",
    action: {
      name: "jrubics/poetry-publish",
      inputs: /^(?:pypi_token|repository_password)$/,
    },
  },
  {
    name: "casperdcl/deploy-pypi",
    action: { name: "casperdcl/deploy-pypi", inputs: /^password$/ },
  },
  {
    name: "etils-actions/pypi-auto-publish",
    action: { name: "etils-actions/pypi-auto-publish", inputs: /^pypi-token$/ },
  },
]

/** Whether an uploader reads a token from a variable of that name. */
export function isCredential(variable: string): boolean {
  return WAYS.some((way) => way.variable?.test(variable) === true)
}

/** The names in an `env:` that uploaders read a token from, if one is there. */
export function credentialsIn(env: unknown): string[] {
  return Object.entries(table(env))
    .filter(([name, value]) => isCredential(name) && (value ?? "") !== "")
    .map(([name]) => name)
}

/** The inputs of an action that are a token. */
export function credentialInputs(step: Step): string[] {
  const action = actionOf(step).toLowerCase()
  return Object.entries(table(step.data.with))
    .filter(([, value]) => (value ?? "") !== "")
    .map(([name]) => name)
    .filter((name) =>
      WAYS.some(
        (way) => way.action?.name === action && way.action.inputs.test(name),
      ),
    )
}

/** Names of variables that a line gives a value, other than a command's. */
function assigned(line: string): string[] {
  const values = /\b([A-Za-z]\w*)=(?=["']?[\w${-])(?!["']?\$\()/g
  return [...line.matchAll(values)].map(([, name = ""]) => name)
}

/** Where a script tells an uploader a token, by the name of the way. */
export function credentialsInScript(step: Step): string[] {
  const lines = linesOf(step)
  // A file that names indexes alone has no token.
  const filled = lines.some((line) => /\$|password|token/i.test(line))
  const found = lines.flatMap((line) => [
    ...assigned(line).filter(isCredential),
    ...WAYS.filter((way) => way.line?.test(line) === true)
      .filter(({ name }) => name !== ".pypirc" || filled)
      .map(({ name }) => name),
  ])
  return [...new Set(found)]
}
