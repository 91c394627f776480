//go:build frontend

// Package lab pins the Dockerfile frontend that the lab compiles: `go install module@version` refuses modules that exclude others.
package lab

import _ "github.com/moby/buildkit/frontend/dockerfile/cmd/dockerfile-frontend"
