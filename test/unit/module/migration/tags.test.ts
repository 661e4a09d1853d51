import { expect, test } from "vitest"

import { missingTag, tagPrefix } from "../../../../dagger/src/migration/tags.js"
import { readTagging } from "../../../../dagger/src/tagging.js"

const tagging = readTagging({}, "Demo.Kit", "pyproject.toml")

test.each([
  [["v0.5.4"], [], null, "v"],
  [["0.5.4"], [], null, ""],
  [[], [], "v0.5.4", "v"],
  [[], ["0.5.3"], "0.5.4", ""],
  [[], ["v0.5.3"], "v0.5.4", "v"],
  [[], ["v0.5.3", "0.5.2"], "v0.5.4", ""],
  [[], ["v0.5.3", "nightly", "other-v9.0"], "v0.5.4", "v"],
  [["demo-kit-v0.5.4"], ["other-v9.0"], null, "demo-kit-v"],
  [[], ["Demo.Kit/0.5.3"], "Demo.Kit/0.5.4", "Demo.Kit/"],
])(
  "with tags %j and %j the tag to set is %s, and the prefix is %j",
  (tagsAtHead, tagsBehind, tag, prefix) => {
    const tags = { tagsAtHead, tagsBehind }
    expect(missingTag(tags, "0.5.4", tagging)).toBe(tag)
    expect(tagPrefix(tags, tagging)).toBe(prefix)
  },
)
