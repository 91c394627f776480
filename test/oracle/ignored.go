package main

import (
	"context"
	"errors"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/frontend/gateway/client"
	gatewaypb "github.com/moby/buildkit/frontend/gateway/pb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/tonistiigi/fsutil/types"
)

// ignoring is a build client whose context holds a .dockerignore and nothing else. BuildKit asks a client, and
// never the converter's caller, what a context ignores.
func ignoring(dockerignore []byte) (*dockerui.Client, error) {
	return dockerui.NewClient(&gateway{dockerignore: dockerignore})
}

// gateway answers the calls that the converter makes; any other would panic on the nil interface.
type gateway struct {
	client.Client
	dockerignore []byte
}

func (g *gateway) BuildOpts() client.BuildOpts {
	return client.BuildOpts{
		Opts:    map[string]string{},
		LLBCaps: buildCaps,
		Caps:    gatewaypb.Caps.CapSet(gatewaypb.Caps.All()),
		Workers: []client.WorkerInfo{{Platforms: []ocispecs.Platform{platform}}},
	}
}

func (g *gateway) Inputs(context.Context) (map[string]llb.State, error) { return nil, nil }

func (g *gateway) Solve(context.Context, client.SolveRequest) (*client.Result, error) {
	result := client.NewResult()
	result.SetRef(&contextFiles{dockerignore: g.dockerignore})
	return result, nil
}

// contextFiles is the solved context.
type contextFiles struct {
	client.Reference
	dockerignore []byte
}

func (f *contextFiles) ReadFile(_ context.Context, r client.ReadRequest) ([]byte, error) {
	if r.Filename != dockerui.DefaultDockerignoreName {
		return nil, errors.New("no such file")
	}
	return f.dockerignore, nil
}

func (f *contextFiles) StatFile(_ context.Context, r client.StatRequest) (*types.Stat, error) {
	if r.Path != dockerui.DefaultDockerignoreName {
		return nil, errors.New("no such file")
	}
	return &types.Stat{Path: r.Path, Size: int64(len(f.dockerignore))}, nil
}
