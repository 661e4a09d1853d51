/** How a module of yours calls pypi-deploy. */
import { type Directory, dag, func, object } from "@dagger.io/dagger"

@object()
export class Examples {
  /** The version that a commit deploys as. */
  @func()
  async pypiDeployVersion(source: Directory): Promise<string> {
    return dag.pypiDeploy().version({ source })
  }

  /** The sdist and the wheel, the same bytes every time. */
  @func()
  pypiDeployBuild(source: Directory): Directory {
    return dag.pypiDeploy().build({ source })
  }

  /** A whole release to an index that is started for the call. */
  @func({ cache: "never" })
  async pypiDeployPublish_rehearsal(source: Directory): Promise<string> {
    return dag.pypiDeploy().publish("rehearsal", { source })
  }
}
