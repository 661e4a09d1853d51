import type { SetupVersion } from "../../../../dagger/src/migration/setup-version.js"
import type { Survey } from "../../../../dagger/src/migration/survey.js"

/** A file whose content is told by its name. */
export function file(path: string, sha256 = path.split("/").at(-1) ?? path) {
  return { path, sha256, executable: false }
}

/** A project without setup.cfg and setup.py. */
export const NOWHERE: SetupVersion = {
  ...{ stated: [], edits: [], taken: [], files: [] },
  ...{ left: [], beside: [], executed: [] },
}

/** Facts of a small project in src/demo, some of them changed. */
export function survey(
  changed: Partial<Omit<Survey, "wheel">> & {
    wheel?: Partial<Survey["wheel"]>
  } = {},
): Survey {
  const tracked = [
    file("pyproject.toml"),
    file("README.md"),
    file("LICENSE"),
    file("src/demo/__init__.py"),
    file("src/demo/py.typed"),
  ]
  return {
    version: "0.5.4",
    tracked,
    sdist: changed.tracked ?? tracked,
    readme: "README.md",
    ...{ literals: [], onlyVersions: [], mentions: [], bumps: [] },
    idle: [],
    setup: NOWHERE,
    ...changed,
    wheel: {
      files: [file("demo/__init__.py"), file("demo/py.typed")],
      data: [],
      licences: [file("LICENSE")],
      tag: "py3-none-any",
      fields: { Name: ["demo"], "Requires-Python": [">=3.10"] },
      entryPoints: {},
      ...changed.wheel,
    },
  }
}
