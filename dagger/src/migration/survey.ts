import type { SetupVersion } from "./setup-version.js"

/** A file and its content's sha256. */
export interface Hashed {
  path: string
  sha256: string
}

/** A version written at the top of a module. */
export interface Literal {
  path: string
  line: number
  /** What is assigned; more than one name in `a = b = "1.0"`. */
  names: string[]
  value: string
  /** Where the statement is in the text. */
  start: number
  end: number
}

/** A line of a text file. */
export interface Place {
  path: string
  line: number
}

/** What a project is made of, as tools/migration/survey.py prints it. */
export interface Survey {
  /** The version of the distribution that the old backend made. */
  version: string
  /** What git tracks in the package's folder. */
  tracked: (Hashed & { executable: boolean })[]
  wheel: {
    /** What is installed among the packages. */
    files: Hashed[]
    /** What is installed elsewhere: `data/share/man/man1/demo.1`. */
    data: Hashed[]
    /** Licence files, by the path that the metadata has. */
    licences: Hashed[]
    /** Compatibility tag, such as py3-none-any. */
    tag: string
    /** Core metadata, values by field. */
    fields: Record<string, string[]>
    entryPoints: Record<string, Record<string, string>>
  }
  sdist: Hashed[]
  /** The tracked file whose text is the description; null where none is. */
  readme: string | null
  literals: Literal[]
  /** Modules called `_version.py` with nothing that setuptools-scm lacks. */
  onlyVersions: string[]
  setup: SetupVersion
  /** Other lines that state the version. */
  mentions: Place[]
  /** Patterns asked for that fit no file of git, sdist or wheel. */
  idle: string[]
  /** Lines that change a version by hand. */
  bumps: (Place & { text: string })[]
}
