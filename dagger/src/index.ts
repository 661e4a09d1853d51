/**
 * From a git commit to a Python release that people can install.
 *
 * Versions come from git, sdist and wheel are the same bytes on every machine,
 * and what is published is what was tested and verified, by hash.
 *
 *     dagger call version --source=.
 *     dagger call build --source=. export --path=dist
 *     dagger call publish --source=. --index=rehearsal
 */
import {
  argument,
  type Changeset,
  type Directory,
  func,
  object,
  type Secret,
  type Service,
} from "@dagger.io/dagger"
import { buildDist } from "./build.js"
import { readChannels } from "./channel.js"
import { DEFAULT_PYTHON } from "./container.js"
import { Format } from "./format.js"
import { planRelease } from "./look.js"
import { migrateProject } from "./migrate.js"
import { migrationPage } from "./migration/report.js"
import { render } from "./page.js"
import { planPage } from "./plan-page.js"
import { publishRelease } from "./publish.js"
import { receiptPage } from "./receipt.js"
import { IGNORE, readSource } from "./source.js"
import { testDist, testPage } from "./test.js"
import { undoMigration } from "./undo.js"
import { admitChoice, listChecks, sizeIndex, verifyDist } from "./verify.js"
import { listPage, verifyPage } from "./verify-page.js"
import { versionOf } from "./version.js"

/** Versions, builds, tests, verifies and publishes Python projects. */
@object()
export class PypiDeploy {
  /**
   * The version that this commit deploys as, e.g. 0.6.0.dev23.
   *
   * At a release tag (v0.6.0, v0.6.0rc1, v0.6.0.post1) the tag's version;
   * elsewhere a dev version that setuptools-scm makes of the tags behind the
   * commit, unique and higher than every one before it on the branch; for a
   * project with a version in pyproject.toml, that one.
   *
   *     dagger call version --source=.
   *     dagger call version --source=. --ref=refs/heads/main
   *
   * @param source The repository, with .git
   * @param path The package inside the repository
   * @param python The interpreter to ask with
   * @param local Keep the local part: 0.6.0.dev23+g1a2b3c4d5
   * @param ref The full ref that is built, such as refs/heads/main or refs/tags/v0.6.0; default: the release tag at HEAD, or else its branch
   */
  @func()
  async version(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    local: boolean = false,
    ref: string = "",
  ): Promise<string> {
    return versionOf(await readSource(source, path, ref), python, local)
  }

  /**
   * What a publish of this commit would do, and why, before anything runs:
   * version, tag, distance, channel, index, gates, what the index holds of the
   * project, and the line that installs the release. Changes nothing.
   *
   *     dagger call plan --source=. --ref=refs/heads/main
   *     dagger call plan --source=. --channels=rc=testpypi,dev=none
   *     dagger call plan --source=. --format=markdown >> $GITHUB_STEP_SUMMARY
   *
   * @param source The repository, with .git
   * @param path The package inside the repository
   * @param python The interpreter to ask with
   * @param ref The full ref that is built, such as refs/heads/main or refs/tags/v0.6.0; default: the release tag at HEAD, or else its branch
   * @param channels Where kinds of releases go, KIND=INDEX of dev, a, b, rc, final, post; default: dev=testpypi, all others pypi
   * @param index An index as for publish, instead of the channel's
   * @param indexService A server to reach under the host name of the index URL
   * @param simple The URL of the index's simple API, where it is not found
   * @param username The user that the token belongs to
   * @param token The token, where the index wants one to be read
   * @param format How to write the plan
   */
  @func({ cache: "never" })
  async plan(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    ref: string = "",
    channels: string[] = [],
    index: string = "",
    indexService?: Service,
    simple: string = "",
    username: string = "__token__",
    token?: Secret,
    format: Format = Format.Text,
  ): Promise<string> {
    const table = readChannels(channels)
    const read = await readSource(source, path, ref)
    const plan = await planRelease(read, {
      ...{ channels: table, index, simple, service: indexService },
      ...{ username, token, python },
    })
    return render(plan, planPage, format)
  }

  /**
   * The sdist, and the wheel built from that sdist: the same bytes for the
   * same commit, in any folder and under any umask. Untracked files are left
   * out; edits of tracked files are in. Beside them pypi-deploy.json, with
   * version, commit, build tools, and the sha256 of each file.
   *
   *     dagger call build --source=. export --path=dist
   *
   * @param source The repository, with .git
   * @param path The package inside the repository
   * @param python The interpreter to build with
   * @param local Keep the version's local part, which indexes refuse
   * @param ref The full ref that is built, such as refs/heads/main or refs/tags/v0.6.0; default: the release tag at HEAD, or else its branch
   */
  @func()
  async build(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    local: boolean = false,
    ref: string = "",
  ): Promise<Directory> {
    const read = await readSource(source, path, ref)
    return (await buildDist(read, { python, local })).directory
  }

  /**
   * Runs the project's own tests against the wheel that `build` makes, in a
   * copy that holds the tests and none of the package's code.
   *
   * pytest by default; its requirements are the extras and dependency groups
   * called test, tests or testing, else dev. No tests is a failure.
   *
   *     dagger call test --source=. --pythons=3.10,3.12
   *
   * @param source The repository, with .git
   * @param path The package inside the repository
   * @param python The interpreter to build with
   * @param pythons The interpreters to test on, each in parallel; default: python
   * @param extras The extras that tests need, instead of those found
   * @param groups The dependency groups that tests need, instead of those found
   * @param command The command that runs the tests, instead of pytest
   * @param format How to write the report
   * @param ref The full ref that is built, such as refs/heads/main or refs/tags/v0.6.0; default: the release tag at HEAD, or else its branch
   */
  @func()
  async test(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    pythons: string[] = [],
    extras: string[] = [],
    groups: string[] = [],
    command: string = "",
    format: Format = Format.Text,
    ref: string = "",
  ): Promise<string> {
    const read = await readSource(source, path, ref)
    const on = pythons.length > 0 ? pythons : [python]
    const options = { pythons: on, extras, groups, command }
    const built = await buildDist(read, { python, local: false })
    return render(await testDist(read, built, options), testPage, format)
  }

  /**
   * Checks a distribution: every rule that PyPI refuses an upload by, sdist
   * against git, wheel against sdist, no keys and no leftovers, one version
   * everywhere, each file installed on the lowest and the highest interpreter
   * that it promises, extras resolved, and the same bytes when it is built
   * again. All checks run; the error names every one that failed.
   *
   *     dagger call verify --source=.
   *     dagger call verify --dist=dist --skip=platform-tags
   *     dagger call verify --list
   *
   * @param source The repository, with .git; not looked at with dist
   * @param path The package inside the repository
   * @param python The interpreter to build with
   * @param dist A folder with an sdist and wheels, instead of building them
   * @param format How to write the report
   * @param ref The full ref that is built, such as refs/heads/main or refs/tags/v0.6.0; default: the release tag at HEAD, or else its branch
   * @param only The checks to run, by id; default: all
   * @param skip The checks to leave out, by id
   * @param list Give the table of checks, and run none
   * @param index An index as for publish, to compare sizes with the previous release there
   * @param indexService A server to reach under the host name of the index URL
   * @param simple The URL of the index's simple API, where it is not found
   */
  @func({ cache: "never" })
  async verify(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    dist?: Directory,
    format: Format = Format.Text,
    ref: string = "",
    only: string[] = [],
    skip: string[] = [],
    list: boolean = false,
    index: string = "",
    indexService?: Service,
    simple: string = "",
  ): Promise<string> {
    if (list) return render(await listChecks(), listPage, format)
    const choice = { only, skip }
    await admitChoice(choice)
    const reach = await sizeIndex({ index, simple, service: indexService })
    if (dist !== undefined) {
      const report = await verifyDist({ dist, python, choice, reach })
      return render(report, verifyPage, format)
    }
    const read = await readSource(source, path, ref)
    const built = await buildDist(read, { python, local: false })
    const request = { dist: built.directory, source: read, python }
    const report = await verifyDist({ ...request, choice, reach })
    return render(report, verifyPage, format)
  }

  /**
   * Publishes a commit: build, tests and checks, upload, confirmation; gives a
   * receipt. What the index serves is compared by sha256 with what was tested,
   * and installed from there. Calling again is safe: identical bytes are done,
   * other bytes under a name stop everything.
   *
   *     dagger call publish --source=. --index=rehearsal
   *     dagger call publish --source=. --index=testpypi --token=env:TOKEN
   *     dagger call publish --source=. --index=http://index:8080 --index-service=tcp://127.0.0.1:8080
   *
   * @param source The repository, with .git; not looked at with dist
   * @param index pypi, testpypi, the URL that uploads go to, or rehearsal: a real index that lives for this call
   * @param path The package inside the repository
   * @param python The interpreter to build, verify and confirm with
   * @param dist A folder that build gave, to upload instead of building
   * @param indexService A server to reach under the host name of the index URL
   * @param simple The URL of the index's simple API, where it is not found
   * @param username The user that the token belongs to
   * @param token The API token or password
   * @param sdistOnly Upload the sdist, and no wheel
   * @param pythons The interpreters to test on; default: python
   * @param extras The extras that tests need, instead of those found
   * @param groups The dependency groups that tests need, instead of those found
   * @param command The command that runs the tests, instead of pytest
   * @param format How to write the receipt
   * @param ref The full ref that is built, such as refs/heads/main or refs/tags/v0.6.0; default: the release tag at HEAD, or else its branch
   */
  @func({ cache: "never" })
  async publish(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    index: string,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    dist?: Directory,
    indexService?: Service,
    simple: string = "",
    username: string = "__token__",
    token?: Secret,
    sdistOnly: boolean = false,
    pythons: string[] = [],
    extras: string[] = [],
    groups: string[] = [],
    command: string = "",
    format: Format = Format.Text,
    ref: string = "",
  ): Promise<string> {
    const on = pythons.length > 0 ? pythons : [python]
    const tests = { pythons: on, extras, groups, command }
    const from = dist
      ? { dist }
      : { source: () => readSource(source, path, ref) }
    const receipt = await publishRelease(from, {
      ...{ index, simple, service: indexService, username, token },
      ...{ sdistOnly, python, tests },
    })
    return render(receipt, receiptPage, format)
  }

  /**
   * A project moved to setuptools and setuptools-scm, as a changeset: from
   * hatchling, hatch-vcs, flit, PDM, Poetry, or setuptools with a version in a
   * file. Built before and after, and compared file by file and field by field;
   * a difference that is not meant fails, with the setting that mends it.
   *
   *     dagger call migrate --source=. export --path=.
   *     dagger call migrate --source=. as-patch contents
   *     dagger call migrate --source=. --undo export --path=.
   *
   * @param source The repository, with .git
   * @param path The package inside the repository
   * @param python The interpreter to build with
   * @param undo The way back instead: what the migration changed, as it was
   */
  @func()
  async migrate(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    undo: boolean = false,
  ): Promise<Changeset> {
    const request = { directory: source, path, python }
    if (undo) {
      const { changes, said } = await undoMigration(request)
      console.error(said)
      return changes
    }
    const { changes, report } = await migrateProject(request)
    console.error(render(report, migrationPage, Format.Text))
    return changes
  }

  /**
   * The report of a migration: what it would change, what was compared, every
   * difference that is meant, by name, and what is left to do by hand.
   *
   *     dagger call migration --source=.
   *     dagger call migration --source=. --format=markdown
   *
   * @param source The repository, with .git
   * @param path The package inside the repository
   * @param python The interpreter to build with
   * @param format How to write the report
   */
  @func()
  async migration(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    format: Format = Format.Text,
  ): Promise<string> {
    const request = { directory: source, path, python }
    const { report } = await migrateProject(request)
    return render(report, migrationPage, format)
  }
}
