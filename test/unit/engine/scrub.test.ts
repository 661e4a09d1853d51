import fc from "fast-check"
import { expect, test } from "vitest"

import { scrub, scrubber } from "../../../engine/secrets/scrub.js"

const buffers = (...texts: string[]) => texts.map((text) => Buffer.from(text))

test.each([
  ["the token", ["token"], "the ***"],
  ["tokentoken", ["token"], "******"],
  ["abcdef", ["abc", "abcdef"], "***"],
  ["abcdeZ", ["abc", "abcdef"], "***deZ"],
  ["xabcd", ["bc", "abcdef"], "xa***d"],
  ["in a file: tok", ["tok\n"], "in a file: ***"],
  ["tok\n!", ["tok\n"], "***!"],
  ["nothing", [], "nothing"],
  ["nothing", [""], "nothing"],
])("%j without %j is %j", (text, secrets, expected) => {
  expect(scrub(text, buffers(...secrets))).toBe(expected)
})

test("pieces make no difference, and are passed on as soon as they can be", () => {
  const stream = scrubber(buffers("secret"))
  expect(stream.push(Buffer.from("a se")).toString()).toBe("a ")
  expect(stream.push(Buffer.from("cre")).toString()).toBe("")
  expect(stream.push(Buffer.from("t b")).toString()).toBe("*** b")
  expect(stream.push(Buffer.from("secre")).toString()).toBe("")
  expect(stream.end().toString()).toBe("secre")
})

test("no secret is left, wherever the text is cut", () => {
  const letters = fc.string({
    unit: fc.constantFrom("a", "b", "c"),
    maxLength: 40,
  })
  const secrets = fc.array(
    fc.string({
      unit: fc.constantFrom("a", "b", "c"),
      minLength: 2,
      maxLength: 5,
    }),
    { minLength: 1, maxLength: 3 },
  )
  const cuts = fc.array(fc.nat(40), { maxLength: 5 })
  fc.assert(
    fc.property(letters, secrets, cuts, (text, hidden, at) => {
      const stream = scrubber(buffers(...hidden))
      const places = [0, ...at.sort((a, b) => a - b), text.length]
      const out = places.map((from, index) =>
        stream.push(Buffer.from(text.slice(from, places[index + 1] ?? from))),
      )
      const seen = Buffer.concat([...out, stream.end()]).toString()
      expect(seen).toBe(scrub(text, buffers(...hidden)))
      for (const secret of hidden) {
        expect(seen).not.toContain(secret)
      }
    }),
  )
})
