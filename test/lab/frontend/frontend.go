//go:build frontend

// Package lab pins what the lab compiles of BuildKit, the Dockerfile frontend and the daemon: `go install module@version` refuses modules that
// exclude others.
package lab

import (
	_ "github.com/moby/buildkit/cmd/buildkitd"
	_ "github.com/moby/buildkit/frontend/dockerfile/cmd/dockerfile-frontend"
)
