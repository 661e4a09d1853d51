"""How a module of yours calls pypi-deploy."""

import dagger
from dagger import dag, function, object_type


@object_type
class Examples:
    @function
    async def pypi_deploy_version(self, source: dagger.Directory) -> str:
        """The version that a commit deploys as."""
        return await dag.pypi_deploy().version(source=source)

    @function
    def pypi_deploy_build(self, source: dagger.Directory) -> dagger.Directory:
        """The sdist and the wheel, the same bytes every time."""
        return dag.pypi_deploy().build(source=source)

    @function(cache="never")
    async def pypi_deploy_publish__rehearsal(
        self, source: dagger.Directory
    ) -> str:
        """A whole release to an index that is started for the call."""
        return await dag.pypi_deploy().publish("rehearsal", source=source)
