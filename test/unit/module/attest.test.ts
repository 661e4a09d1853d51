import type { Secret } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { type SignRequest, unsignable } from "../../../dagger/src/attest.js"
import { Attestations } from "../../../dagger/src/attestations.js"
import { targetOf } from "../../../dagger/src/target.js"

const secret = {} as Secret

function request(index: string, identity: SignRequest["identity"]) {
  const target = targetOf({ index, simple: "", service: false, port: 1 })
  const reach = { target, username: "" }
  return {
    ...{ reach, identity, dryRun: false },
    attestations: Attestations.BestEffort,
  }
}

test("signing needs a way to ask for an identity", () => {
  const whole = { requestUrl: secret, requestToken: secret }
  expect(unsignable(request("pypi", whole))).toBe("")
  expect(unsignable(request("https://x.example/", whole))).toBe("")
  for (const part of [{}, { idToken: secret }, { requestUrl: secret }])
    expect(unsignable(request("pypi", part))).toMatch(/--oidc-request-url/)
})

test("a rehearsal's index takes none", () => {
  expect(unsignable(request("rehearsal", {}))).toMatch(/takes no attestations/)
})
