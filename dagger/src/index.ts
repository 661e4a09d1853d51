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
  type File,
  func,
  object,
  type Secret,
  type Service,
} from "@dagger.io/dagger"
import { Attestations } from "./attestations.js"
import { auditRepository, auditText } from "./audit.js"
import { buildDist } from "./build.js"
import { changelogFile } from "./changelog.js"
import { readChannels } from "./channel.js"
import {
  confirmExpected,
  confirmPage,
  expectDist,
  expectNamed,
  expectSource,
} from "./confirmation.js"
import { DEFAULT_PYTHON } from "./container.js"
import { readContext } from "./context.js"
import { readDeadline } from "./deadline.js"
import { Format } from "./format.js"
import { planRelease } from "./look.js"
import { migrateProject } from "./migrate.js"
import { migrationPage } from "./migration/report.js"
import { nextPage } from "./next-version/report.js"
import { nextRelease } from "./next-version.js"
import { readJobs } from "./notify/jobs.js"
import { notifyPeople } from "./notify.js"
import { render } from "./page.js"
import { planPage } from "./plan-page.js"
import { publishRelease } from "./publish.js"
import { readPublishers } from "./publisher.js"
import { receiptPage, receiptText } from "./receipt-page.js"
import { readReceipt } from "./receipt-reading.js"
import { releasePage } from "./release/report.js"
import { makeRelease } from "./release.js"
import { rollbackPage } from "./rollback/page.js"
import { rollBack } from "./rollback.js"
import { Trigger } from "./scaffold/choices.js"
import { checkWorkflow, scaffoldWorkflow } from "./scaffold.js"
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
   * copy that holds the tests and none of the package's code. Tests inside the
   * package run, too, from the installed one.
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
   * @param certificate CAs to trust beside the system's, as PEM: for private indexes
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
    certificate?: File,
  ): Promise<string> {
    if (list) return render(await listChecks(), listPage, format)
    const choice = { only, skip }
    await admitChoice(choice)
    const service = indexService
    const reach = await sizeIndex({ index, simple, service, certificate })
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
   * other bytes under a name stop everything. Faults that pass by themselves
   * are waited out; a refusal is told with the index's reason and what to do.
   *
   *     dagger call publish --source=. --index=rehearsal
   *     dagger call publish --dist=dist --oidc-request-url=env:ACTIONS_ID_TOKEN_REQUEST_URL --oidc-request-token=env:ACTIONS_ID_TOKEN_REQUEST_TOKEN
   *     dagger call publish --source=. --index=https://pypi.example.com/ --token=env:TOKEN
   *
   * @param source The repository, with .git; not looked at with dist
   * @param index pypi, testpypi, the URL that uploads go to, or rehearsal: a real index that lives for this call; default: the channel's
   * @param path The package inside the repository
   * @param python The interpreter to build, verify and confirm with
   * @param dist A folder that build gave, to upload instead of building; none of the project's code is run
   * @param indexService A server to reach under the host name of the index URL
   * @param simple The URL of the index's simple API, where it is not found
   * @param username The user that the token belongs to
   * @param token The API token or password, for indexes without trusted publishing
   * @param sdistOnly Upload the sdist, and no wheel
   * @param pythons The interpreters to test on; default: python
   * @param extras The extras that tests need, instead of those found
   * @param groups The dependency groups that tests need, instead of those found
   * @param command The command that runs the tests, instead of pytest
   * @param format How to write the receipt
   * @param ref The full ref that is built, such as refs/heads/main or refs/tags/v0.6.0; default: the release tag at HEAD, or else its branch
   * @param channels Where kinds of releases go, KIND=INDEX of dev, a, b, rc, final, post; default: dev=testpypi, all others pypi
   * @param skip The checks to leave out, by id
   * @param certificate CAs to trust beside the system's, as PEM: for private indexes
   * @param oidcRequestUrl Where the job asks for its identity: env:ACTIONS_ID_TOKEN_REQUEST_URL
   * @param oidcRequestToken What the job asks with: env:ACTIONS_ID_TOKEN_REQUEST_TOKEN
   * @param idToken An identity token for this index, where CI makes it: env:PYPI_ID_TOKEN
   * @param allowToken Let pypi and testpypi have a token, in place of an identity
   * @param attestations Sign the files with the identity: where it works, always, or never
   * @param deadline Seconds that the index's faults are waited out for
   * @param dryRun Everything but the upload: what would be sent, and to where
   * @param context The run's identity for the receipt, as a JSON object: url, actor, run_id and the like
   * @param publisher The trusted publishers as they are registered, OWNER/REPO:WORKFLOW.yml:ENVIRONMENT: a rehearsal fails where no job of the project's workflows would get a token as one of them
   * @param allowErrors Give the receipt of a publish that broke off, too, with its failure, and exit code 0
   */
  @func({ cache: "never" })
  async publish(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    index: string = "",
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
    channels: string[] = [],
    skip: string[] = [],
    certificate?: File,
    oidcRequestUrl?: Secret,
    oidcRequestToken?: Secret,
    idToken?: Secret,
    allowToken: boolean = false,
    attestations: Attestations = Attestations.BestEffort,
    deadline: number = 240,
    dryRun: boolean = false,
    context: string = "",
    publisher: string[] = [],
    allowErrors: boolean = false,
  ): Promise<string> {
    const on = pythons.length > 0 ? pythons : [python]
    const tests = { pythons: on, extras, groups, command }
    const from = dist
      ? { dist }
      : { source: () => readSource(source, path, ref) }
    const receipt = await publishRelease(from, {
      ...{ index, simple, service: indexService, username, token, certificate },
      ref,
      identity: {
        ...{ requestUrl: oidcRequestUrl, requestToken: oidcRequestToken },
        idToken,
      },
      ...{ channels: readChannels(channels), context: readContext(context) },
      publishers: readPublishers(publisher),
      ...{ allowToken, attestations, deadline: readDeadline(deadline), dryRun },
      ...{ sdistOnly, python, tests, skip, allowErrors },
    })
    return render(receipt, receiptPage, format)
  }

  /**
   * Proves that an index has a release: downloads every file and compares its
   * sha256, installs the exact version into a clean environment, dependencies
   * from PyPI only, imports it and starts its commands. Waits while the index
   * shows an old state; says when a release is yanked or in quarantine. Runs
   * the project's code, so it belongs into a job without id-token.
   *
   *     dagger call confirm --source=. --index=testpypi
   *     dagger call confirm --dist=dist
   *     dagger call confirm --project=demo --version=1.0 --index=pypi
   *
   * @param source The repository, with .git, to build what is expected; not looked at with dist or project
   * @param path The package inside the repository
   * @param python The interpreter to build and install with
   * @param ref The full ref that is built, such as refs/heads/main or refs/tags/v0.6.0; default: the release tag at HEAD, or else its branch
   * @param dist A folder that build gave, with what is expected
   * @param project A project's name, with version, where nothing but the index knows its files
   * @param version The version of that project
   * @param channels Where kinds of releases go, KIND=INDEX of dev, a, b, rc, final, post; default: dev=testpypi, all others pypi
   * @param index An index as for publish; default: the channel's
   * @param indexService A server to reach under the host name of the index URL
   * @param simple The URL of the index's simple API, where it is not found
   * @param username The user that the token belongs to
   * @param token The token, where the index wants one to be read
   * @param certificate CAs to trust beside the system's, as PEM: for private indexes
   * @param deadline Seconds that the index is waited for
   * @param format How to write the report
   */
  @func({ cache: "never" })
  async confirm(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    ref: string = "",
    dist?: Directory,
    project: string = "",
    version: string = "",
    channels: string[] = [],
    index: string = "",
    indexService?: Service,
    simple: string = "",
    username: string = "__token__",
    token?: Secret,
    certificate?: File,
    deadline: number = 240,
    format: Format = Format.Text,
  ): Promise<string> {
    const request = {
      ...{ index, simple, service: indexService, username, token, certificate },
      ...{ channels: readChannels(channels), python },
      deadline: readDeadline(deadline),
    }
    const expected = dist
      ? await expectDist(dist, python)
      : (expectNamed(project, version) ??
        (await expectSource(await readSource(source, path, ref), python)))
    const report = await confirmExpected(expected, request)
    return render(report, confirmPage, format)
  }

  /**
   * The tag to make next, from the conventional commits since the last final
   * release, and the commits that decided it; its first line is the tag alone.
   *
   * `!` and BREAKING CHANGE make a major version (a minor one before 1.0),
   * `feat` a minor, all else a patch. Reverted commits do not count. Without
   * --pre a pre-release is promoted. A version that a tag or the index has is
   * passed over. Rules: https://www.conventionalcommits.org, semver.org.
   *
   *     dagger call next-version --source=.
   *     dagger call next-version --source=. --pre=rc --index=pypi
   *     dagger call next-version --source=. --format=json | jq -r .tag
   *
   * @param source The repository, with .git
   * @param path The package inside the repository; then commits that touch it count
   * @param pre A pre-release instead of a final one: alpha, beta or rc
   * @param post A post-release, which mends the packaging of the last final one
   * @param index An index as for publish, whose versions are passed over
   * @param indexService A server to reach under the host name of the index URL
   * @param simple The URL of the index's simple API, where it is not found
   * @param username The user that the token belongs to
   * @param token The token, where the index wants one to be read
   * @param certificate CAs to trust beside the system's, as PEM: for private indexes
   * @param format How to write the answer
   */
  @func({ cache: "never" })
  async nextVersion(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    pre: string = "",
    post: boolean = false,
    index: string = "",
    indexService?: Service,
    simple: string = "",
    username: string = "__token__",
    token?: Secret,
    certificate?: File,
    format: Format = Format.Text,
  ): Promise<string> {
    const next = await nextRelease(source, {
      ...{ path, pre, post, index, simple, service: indexService },
      ...{ username, token, certificate },
    })
    return render(next, nextPage, format)
  }

  /**
   * The changelog, in the form of https://keepachangelog.com, from the
   * conventional commits of every release; CHANGELOG.md, where there is one,
   * is extended and not rewritten. With --version, the notes of that release
   * alone. Commits link to their pages, numbers to pull requests.
   *
   *     dagger call changelog --source=. export --path=CHANGELOG.md
   *     dagger call changelog --source=. --tag=v1.3.0 export --path=CHANGELOG.md
   *     dagger call changelog --source=. --version=1.3.0 contents
   *
   * @param source The repository, with .git
   * @param path The package inside the repository; then commits that touch it count
   * @param version The release to give the notes of, made or to come
   * @param tag The tag that unreleased commits are about to get
   * @param repository What links lead to: OWNER/NAME on GitHub, or a URL; default: the remote called origin
   * @param file The changelog's name in the package's folder
   */
  @func()
  async changelog(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    version: string = "",
    tag: string = "",
    repository: string = "",
    file: string = "CHANGELOG.md",
  ): Promise<File> {
    const request = { path, version, tag, repository, file }
    return changelogFile(source, request)
  }

  /**
   * Tells Slack (Block Kit) and Discord (an embed) of a receipt, of success
   * and of failure alike, and of the jobs of its run. Rate limits are waited
   * for, server errors are tried again for a minute; a message that is lost
   * never fails the call, and is in what it gives.
   *
   *     dagger call publish --source=. --allow-errors --format=json > receipt.json
   *     dagger call notify --receipt=receipt.json --slack=env:SLACK_WEBHOOK
   *     dagger call notify --receipt=receipt.json --discord=env:DISCORD_WEBHOOK --format=json
   *
   * @param receipt What publish --format=json printed; not needed with jobs
   * @param slack The URL of an incoming webhook of Slack
   * @param discord The URL of a webhook of Discord
   * @param slackService A server to reach as http://slack
   * @param discordService A server to reach as http://discord
   * @param jobs The jobs of the run and their results, as GitHub's toJSON(needs) has them: one that failed or was cancelled makes the message one of a failure
   * @param context The run, as for publish, where the receipt does not say it
   * @param format How to write what became of it; JSON is the receipt with `notifications` added
   */
  @func({ cache: "never" })
  async notify(
    receipt?: File,
    slack?: Secret,
    discord?: Secret,
    slackService?: Service,
    discordService?: Service,
    jobs: string = "",
    context: string = "",
    format: Format = Format.Text,
  ): Promise<string> {
    const webhooks = {
      slack: { url: slack, service: slackService },
      discord: { url: discord, service: discordService },
    }
    const run = { jobs: readJobs(jobs), context: readContext(context) }
    return notifyPeople(receipt, run, webhooks, format)
  }

  /**
   * Makes the GitHub release of a tag, or completes it: notes from the
   * changelog, the line that installs it, the sha256 of each file, and every
   * file of the folder attached. A draft until all of them are up; the latest
   * only where no higher final release is out; a pre-release by its version.
   *
   * Calling again is safe: identical files are done, broken uploads are sent
   * again, other bytes under a name stop everything, and text that people
   * wrote stays. With the receipt of its publish a tag that is not there is
   * made, as a tag that a workflow makes starts no other workflow.
   *
   *     dagger call release --source=. --dist=dist --repository=me/demo --token=env:GITHUB_TOKEN
   *     dagger call release --source=. --dist=dist --repository=me/demo --token=env:GITHUB_TOKEN --tag=v1.2.3 --receipt=receipt.json
   *
   * @param source The repository, with .git, that the notes come from
   * @param dist The folder that was published, with its attestations
   * @param repository OWNER/NAME on GitHub
   * @param token A token with `contents: write` on it
   * @param path The package inside the repository
   * @param tag The release's tag; default: v and the version of the files
   * @param receipt What publish --format=json printed for these files; without it the tag has to be there
   * @param api The URL of a GitHub server's REST API
   * @param apiService A server to reach under the host name of the API's URL
   * @param deadline Seconds to wait for rate limits and faults
   * @param format How to write the report
   */
  @func({ cache: "never" })
  async release(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    dist: Directory,
    repository: string,
    token: Secret,
    path: string = ".",
    tag: string = "",
    receipt?: File,
    api: string = "https://api.github.com",
    apiService?: Service,
    deadline: number = 900,
    format: Format = Format.Text,
  ): Promise<string> {
    const report = await makeRelease(source, dist, {
      ...{ repository, token, path, tag, receipt },
      ...{ api, service: apiService, deadline: readDeadline(deadline) },
    })
    return render(report, releasePage, format)
  }

  /**
   * What to do about a bad release: the plan, and with --apply what has an
   * API. The GitHub release becomes a draft again, the last good one the
   * latest, and the tag stays; before that the last good release is installed
   * from the index. A yank has no API, so its link and what it does are
   * written out. The release that mends it is prepared: its tag, the commands
   * that make it of the commits that mend or revert something, and its notes.
   * A release that lacks files is told apart: it is completed, which PyPI
   * allows for 14 days.
   *
   *     dagger call rollback --source=. --version=1.2.3
   *     dagger call rollback --source=. --version=1.2.3 --repository=me/demo --token=env:GITHUB_TOKEN --apply
   *
   * @param source The repository, with .git
   * @param version The release to roll back
   * @param path The package inside the repository
   * @param apply Do what the plan says on GitHub, which takes repository and token
   * @param dist The folder that was published, to tell whether the index lacks files of it
   * @param index The index that has it, as for publish
   * @param indexService A server to reach under the host name of the index URL
   * @param simple The URL of the index's simple API, where it is not found
   * @param indexUsername The user that the index's token belongs to
   * @param indexToken The index's token, where it wants one to be read
   * @param certificate CAs to trust beside the system's, as PEM: for private indexes
   * @param repository OWNER/NAME on GitHub; default: GitHub is left alone
   * @param token A token with `contents: write` on it
   * @param api The URL of a GitHub server's REST API
   * @param apiService A server to reach under the host name of the API's URL
   * @param deadline Seconds to wait for rate limits and faults
   * @param format How to write the plan, or what was done
   */
  @func({ cache: "never" })
  async rollback(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    version: string,
    path: string = ".",
    apply: boolean = false,
    dist?: Directory,
    index: string = "pypi",
    indexService?: Service,
    simple: string = "",
    indexUsername: string = "__token__",
    indexToken?: Secret,
    certificate?: File,
    repository: string = "",
    token?: Secret,
    api: string = "https://api.github.com",
    apiService?: Service,
    deadline: number = 900,
    format: Format = Format.Text,
  ): Promise<string> {
    const rollback = await rollBack(source, {
      ...{ path, version, apply, dist },
      index: {
        ...{ index, simple, service: indexService, certificate },
        ...{ username: indexUsername, token: indexToken },
      },
      hub: {
        ...{ repository, api, service: apiService, token },
        deadline: readDeadline(deadline),
      },
    })
    return render(rollback, rollbackPage, format)
  }

  /**
   * A receipt that `publish` gave as JSON, for people. Fails where the
   * publish did.
   *
   *     dagger call receipt --file=receipt.json
   *     dagger call receipt --file=receipt.json --allow-errors --format=markdown >> $GITHUB_STEP_SUMMARY
   *
   * @param file What publish --format=json gave
   * @param format How to write it
   * @param allowErrors Give it in that form even where the publish failed
   */
  @func()
  async receipt(
    file: File,
    format: Format = Format.Text,
    allowErrors: boolean = false,
  ): Promise<string> {
    const receipt = readReceipt(await file.contents())
    return receiptText(receipt, format, allowErrors)
  }

  /**
   * The GitHub workflow that deploys the project, in
   * .github/workflows/deploy.yml, and how it is set up once, in
   * docs/deploying.md: every commit of the default branch goes to TestPyPI,
   * every release to PyPI, pull requests are rehearsed. Jobs that publish there
   * already are taken out of other workflows in the same Changeset; the notes
   * name them, and what may publish still.
   *
   *     dagger call scaffold --source=. as-patch contents
   *     dagger call scaffold --source=. export --path=.
   *     dagger call scaffold --source=. --check is-empty
   *
   * @param source The repository, with .git
   * @param path The package inside the repository
   * @param trigger What sends a release to PyPI: a pushed tag, or a published GitHub release
   * @param githubRelease Attach what was published to the GitHub release
   * @param notify Where to tell of releases: slack, discord
   * @param releasing Write .github/workflows/releasing.yml, too, which is started by hand: the next version, the changelog, a rollback
   * @param isPrivate The repository is private: checking out takes a permission
   * @param pythons The interpreters to test on; default: those that the project promises
   * @param file The workflow's file name; keep that of one that publishes, and its trusted publishers stay valid
   * @param repository OWNER/NAME on GitHub; default: where the clone came from
   * @param check Change nothing, and fail where the workflow has drifted from what would be written; the flags are those in its head
   */
  @func()
  async scaffold(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    trigger: Trigger = Trigger.Tag,
    githubRelease: boolean = true,
    notify: string[] = [],
    releasing: boolean = false,
    isPrivate: boolean = false,
    pythons: string[] = [],
    file: string = "deploy.yml",
    repository: string = "",
    check: boolean = false,
  ): Promise<Changeset> {
    const choices = {
      ...{ path, trigger, githubRelease, notify, releasing, pythons },
      private: isPrivate,
    }
    const request = { source, choices, file, repository }
    return check ? checkWorkflow(request) : scaffoldWorkflow(request)
  }

  /**
   * Audits the project's workflows and configuration: tokens and identities
   * for indexes, permissions, pins, checkouts that lose the version, tests
   * that are no gate, versions in two places. Each finding has its severity,
   * its file and line, why it matters, and the fix. Fails where one is an
   * error.
   *
   *     dagger call audit --source=.
   *     dagger call audit --source=. --allow-errors --format=json
   *
   * @param source The repository, with .git
   * @param path The package inside the repository
   * @param format How to write the report
   * @param allowErrors Give the report in that form even where it has errors
   */
  @func()
  async audit(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    format: Format = Format.Text,
    allowErrors: boolean = false,
  ): Promise<string> {
    const report = await auditRepository({ directory: source, path })
    return auditText(report, format, allowErrors)
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
