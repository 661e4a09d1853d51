import { describe, expect, test } from "vitest"
import {
  identified,
  identityRefusals,
  type ShownFlags,
} from "../../../dagger/src/identity.js"
import { targetOf } from "../../../dagger/src/target.js"

const none = {
  token: false,
  allowToken: false,
  requestUrl: false,
  requestToken: false,
  idToken: false,
  service: false,
}
const request = { requestUrl: true, requestToken: true }

const refusals = (index: string, shown: Partial<ShownFlags>) =>
  identityRefusals({
    ...none,
    target: targetOf({ index, simple: "", service: false, port: 1 }),
    ...shown,
  })

test("an identity is a token, or a way to ask for tokens", () => {
  expect(identified({ ...none, ...request })).toBe(true)
  expect(identified({ ...none, idToken: true })).toBe(true)
  expect(identified({ ...none, requestUrl: true })).toBe(false)
  expect(identified({ ...none, token: true })).toBe(false)
})

describe.each(["pypi", "testpypi"])("%s", (index) => {
  test("takes an identity", () => {
    expect(refusals(index, request)).toEqual([])
    expect(refusals(index, { idToken: true })).toEqual([])
  })

  test("takes a token where that is allowed", () => {
    expect(refusals(index, { token: true, allowToken: true })).toEqual([])
    expect(refusals(index, { token: true })[0]).toMatch(/add --allow-token/)
  })

  test("wants to know who publishes", () => {
    const [found] = refusals(index, {})
    expect(found).toMatch(/--oidc-request-url=env:.*--id-token=env:.*--token=/)
  })
})

test("another index takes a token, an identity, or nobody", () => {
  const url = "https://pypi.example.com/"
  for (const shown of [{}, { token: true }, request])
    expect(refusals(url, shown)).toEqual([])
})

test("half an identity is refused, and two credentials", () => {
  const url = "https://pypi.example.com/"
  for (const half of [{ requestUrl: true }, { requestToken: true }])
    expect(refusals(url, half)[0]).toMatch(/go together/)
  expect(refusals(url, { ...request, token: true })[0]).toMatch(
    /one upload has one credential/,
  )
})

test("an identity goes over plain http to a service only", () => {
  const url = "http://pypi.example.com/"
  expect(refusals(url, request)[0]).toMatch(/not sent over plain http/)
  expect(refusals(url, { ...request, service: true })).toEqual([])
})

test("a rehearsal makes identities of its own", () => {
  for (const shown of [request, { idToken: true }])
    expect(refusals("rehearsal", { ...shown, service: true })[0]).toMatch(
      /Leave --oidc-request-url, .* and --id-token out/,
    )
})
