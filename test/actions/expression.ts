import { data, Evaluator, Lexer, Parser } from "@actions/expressions"

/** What an expression may name: `github`, `needs`, `steps`, `secrets`, … */
export type Contexts = Record<string, unknown>

/** How the job or run fares, for `success()` and its like. */
export interface Status {
  success: boolean
  failure: boolean
  cancelled: boolean
}

function parsed(expression: string, contexts: Contexts, status: Status) {
  const { tokens } = new Lexer(expression).lex()
  const functions = ["always", ...Object.keys(status)].map((name) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () =>
      new data.BooleanData(
        name === "always" || status[name as keyof Status] === true,
      ),
  }))
  const names = Object.keys(contexts)
  const parse = new Parser(tokens, names, functions)
  return { tree: parse.parse(), functions }
}

/** The value of one expression, by GitHub's own evaluator. */
export function evaluate(
  expression: string,
  contexts: Contexts,
  status: Status,
): data.ExpressionData {
  const { tree, functions } = parsed(expression, contexts, status)
  const known = JSON.parse(JSON.stringify(contexts), data.reviver)
  const named = new Map(functions.map((it) => [it.name, it]))
  return new Evaluator(tree, known, named).evaluate()
}

/** A text with every `${{ … }}` in it replaced by its value. */
export function interpolate(
  text: string,
  contexts: Contexts,
  status: Status,
): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression.trim(), contexts, status).coerceString(),
  )
}

/** Whether an `if:` holds; without a status function, only after successes. */
export function holds(
  condition: string | undefined,
  contexts: Contexts,
  status: Status,
): boolean {
  const written = (condition ?? "success()").trim()
  const bare = written.replace(/^\$\{\{(.*)\}\}$/s, "$1").trim()
  const asks = /\b(?:always|success|failure|cancelled)\(\)/.test(bare)
  const whole = asks ? bare : `success() && (${bare})`
  const value = evaluate(whole, contexts, status)
  return !["", "false", "0", "null"].includes(value.coerceString())
}
