// How a module of yours calls pypi-deploy.
package main

import (
	"context"

	"dagger/examples/internal/dagger"
)

type Examples struct{}

// The version that a commit deploys as.
func (m *Examples) PypiDeployVersion(ctx context.Context, source *dagger.Directory) (string, error) {
	return dag.PypiDeploy().Version(ctx, dagger.PypiDeployVersionOpts{Source: source})
}

// The sdist and the wheel, the same bytes every time.
func (m *Examples) PypiDeployBuild(source *dagger.Directory) *dagger.Directory {
	return dag.PypiDeploy().Build(dagger.PypiDeployBuildOpts{Source: source})
}

// A whole release to an index that is started for the call.
//
// +cache="never"
func (m *Examples) PypiDeployPublish_Rehearsal(ctx context.Context, source *dagger.Directory) (string, error) {
	return dag.PypiDeploy().Publish(ctx, "rehearsal", dagger.PypiDeployPublishOpts{Source: source})
}
