package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/apicaps"
	digest "github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// platform is where everything is judged, whatever machine this runs on.
var platform = ocispecs.Platform{OS: "linux", Architecture: "amd64"}

// buildCaps says that the engine can do all that this version of BuildKit can. Without it COPY --link is a plain copy.
var buildCaps = func() apicaps.CapSet { return pb.Caps.CapSet(pb.Caps.All()) }()

// base is the image that every reference stands for.
type base struct {
	name   string
	config string
}

const layer = `"rootfs":{"type":"layers","diff_ids":["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]}`

// bases differ in whatever a Dockerfile may inherit: what is right for one may be wrong for the other. A base
// without a diff_id would be taken for scratch, and then all bases would be equal.
var bases = []base{
	{"root", `{"architecture":"amd64","os":"linux",` + layer + `,"config":{
		"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["/bin/sh"]}}`},
	{"user", `{"architecture":"amd64","os":"linux",` + layer + `,"config":{
		"User":"1000","WorkingDir":"/srv","Shell":["/bin/ash","-eo","pipefail","-c"],
		"Env":["PATH=/opt/base/bin:/usr/bin:/bin","LANG=C.UTF-8","BASE_HOME=/srv"],
		"Entrypoint":["/base-entrypoint"],"Cmd":["base-command"],"StopSignal":"SIGQUIT",
		"ExposedPorts":{"8125/udp":{}},"Volumes":{"/srv/data":{}},"Labels":{"base.label":"of the base"},
		"Healthcheck":{"Test":["CMD","/base-health"]},"OnBuild":["RUN base-trigger"]}}`},
}

// ResolveImageConfig answers any reference with this base. The digest is that of the name without its digest, so
// that `name:tag` and `name:tag@sha256:…` are one image; a bare name with a digest counts as its latest tag.
func (b base) ResolveImageConfig(_ context.Context, ref string, opt sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", "", nil, err
	}
	tagged := reference.TagNameOnly(reference.TrimNamed(named))
	if t, ok := named.(reference.Tagged); ok {
		if tagged, err = reference.WithTag(reference.TrimNamed(named), t.Tag()); err != nil {
			return "", "", nil, err
		}
	}
	name := tagged.String()
	config := []byte(b.config)
	if p := opt.ImageOpt; p != nil && p.Platform != nil && (p.Platform.OS != platform.OS || p.Platform.Architecture != platform.Architecture) {
		if config, err = withPlatform(config, *p.Platform); err != nil {
			return "", "", nil, err
		}
	}
	return name, digest.FromString(b.name + " " + name), config, nil
}

// withPlatform makes the base a multi-platform image, as the well-known ones are.
func withPlatform(config []byte, p ocispecs.Platform) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(config, &fields); err != nil {
		return nil, err
	}
	for key, value := range map[string]string{"os": p.OS, "architecture": p.Architecture, "variant": p.Variant} {
		if value != "" {
			fields[key], _ = json.Marshal(value)
		}
	}
	return json.Marshal(fields)
}

// conversion is one run of BuildKit's converter.
type conversion struct {
	base      base
	buildArgs map[string]string
	target    string
	allStages bool
	client    *dockerui.Client // nil: no build context
	warn      linter.LintWarnFunc
}

func (c conversion) run(src []byte) (*dockerfile2llb.Result, error) {
	if c.warn == nil {
		c.warn = func(string, string, string, string, []parser.Range) {}
	}
	buildArgs := make(map[string]string, len(c.buildArgs))
	for k, v := range c.buildArgs {
		buildArgs[k] = v
	}
	return dockerfile2llb.Dockerfile2LLB(context.Background(), src, dockerfile2llb.ConvertOpt{
		Config: dockerui.Config{
			BuildArgs: buildArgs, Target: c.target, BuildPlatforms: []ocispecs.Platform{platform},
		},
		SourceMap:    llb.NewSourceMap(nil, "Dockerfile", "Dockerfile", src),
		MetaResolver: c.base,
		LLBCaps:      &buildCaps,
		Warn:         c.warn,
		AllStages:    c.allStages,
		Client:       c.client,
	})
}

// subject is one stage to be judged as a build's target.
type subject struct {
	label  string
	name   string // lower case; empty if unnamed
	parent string // label of the stage it starts from; empty if that is an image
	target string
	src    []byte
	lines  [2]int // first line of FROM, last line before the next FROM
	index  map[int]string
}

// subjectsOf lists the stages of a file. BuildKit finds a target by name only: an unnamed stage that is not the
// last, or a name used twice, is judged in the file as it stands before the next FROM.
func subjectsOf(src []byte) ([]subject, error) {
	result, err := parser.Parse(bytes.NewReader(src))
	if err != nil {
		return nil, err
	}
	stages, _, err := instructions.Parse(result.AST, linter.New(&linter.Config{}))
	if err != nil {
		return nil, err
	}
	if len(stages) == 0 {
		return nil, errors.New("dockerfile contains no stages to build")
	}
	lastOfName := map[string]int{}
	for i, s := range stages {
		lastOfName[s.Name] = i
	}
	taken := map[string]bool{}
	labelOfName := map[string]string{}
	var out []subject
	for i, s := range stages {
		last := i == len(stages)-1
		one := subject{name: s.Name, src: src, index: instructionNames(s), lines: [2]int{span(s.Location)[0], 1 << 30}}
		switch {
		case s.Name != "" && lastOfName[s.Name] == i:
			one.label, one.target = s.Name, s.Name
		case last:
			one.label = "final"
		default:
			one.label = fmt.Sprint(i)
		}
		if taken[one.label] {
			one.label = fmt.Sprint(i)
		}
		taken[one.label] = true
		one.parent = labelOfName[strings.ToLower(s.BaseName)]
		if s.Name != "" {
			labelOfName[s.Name] = one.label
		}
		if !last {
			one.lines[1] = span(stages[i+1].Location)[0] - 1
			if one.target == "" {
				one.src = firstLines(src, one.lines[1])
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// instructionNames maps the first line of each instruction to its name within the stage, as `RUN 2`.
func instructionNames(s instructions.Stage) map[int]string {
	out := map[int]string{span(s.Location)[0]: "FROM"}
	count := map[string]int{}
	for _, c := range s.Commands {
		keyword := upper(c.Name())
		count[keyword]++
		out[span(c.Location())[0]] = fmt.Sprintf("%s %d", keyword, count[keyword])
	}
	return out
}

func firstLines(src []byte, n int) []byte {
	end := 0
	for ; n > 0; n-- {
		i := bytes.IndexByte(src[end:], '\n')
		if i < 0 {
			return src
		}
		end += i + 1
	}
	return src[:end]
}

// judged is what one stage builds from one base.
type judged struct {
	Stage  text            `json:"stage"`
	Base   string          `json:"base"`
	OK     bool            `json:"ok"`
	Error  text            `json:"error,omitempty"`
	Panic  text            `json:"panic,omitempty"`
	LLB    string          `json:"llb,omitempty"`
	Config string          `json:"config,omitempty"`
	Image  json.RawMessage `json:"image,omitempty"`
	Nodes  []op            `json:"nodes,omitempty"`

	subject    subject
	fields     map[string]json.RawMessage
	definition *llb.Definition
}

// judgeStage converts one stage and digests its operations and its image config.
func judgeStage(s subject, b base, buildArgs map[string]string) (out judged) {
	failed := judged{Stage: text(s.label), Base: b.name, subject: s}
	defer func() {
		if r := recover(); r != nil {
			out = failed
			out.Panic = text(fmt.Sprint(r))
		}
	}()
	result, err := conversion{base: b, buildArgs: buildArgs, target: s.target}.run(s.src)
	if err != nil {
		failed.Error = text(err.Error())
		return failed
	}
	definition, err := result.State.Marshal(context.Background(), llb.LocalUniqueID("x"))
	if err != nil {
		failed.Error = text(err.Error())
		return failed
	}
	fields, err := configFields(result)
	if err != nil {
		failed.Error = text(err.Error())
		return failed
	}
	config := raw(fields)
	return judged{
		Stage: text(s.label), Base: b.name, OK: true, LLB: headOf(definition), Config: digest.FromBytes(config).String(),
		subject: s, fields: fields, definition: definition,
	}
}

// headOf names the operation and output that a definition ends in. Each operation holds the digests of its inputs,
// so that this digest covers every operation and every edge; positions and descriptions lie outside the operations.
func headOf(d *llb.Definition) string {
	if len(d.Def) == 0 {
		return "scratch"
	}
	var last pb.Op
	if err := last.UnmarshalVT(d.Def[len(d.Def)-1]); err != nil || len(last.Inputs) == 0 {
		return "scratch"
	}
	return edgeName(last.Inputs[0])
}

func edgeName(in *pb.Input) string {
	if in.Index == 0 {
		return in.Digest
	}
	return fmt.Sprintf("%s#%d", in.Digest, in.Index)
}

// configFields is the image's configuration without created and history, the fields of `config` beside the others.
func configFields(result *dockerfile2llb.Result) (map[string]json.RawMessage, error) {
	encoded, err := json.Marshal(result.Image)
	if err != nil {
		return nil, err
	}
	var fields, inner map[string]json.RawMessage
	if err := json.Unmarshal(encoded, &fields); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(fields["config"], &inner); err != nil {
		return nil, err
	}
	for _, name := range []string{"config", "created", "history"} {
		delete(fields, name)
	}
	for name, value := range inner {
		fields[name] = value
	}
	return fields, nil
}

type buildAnswer struct {
	OK     bool     `json:"ok"`
	Error  text     `json:"error,omitempty"`
	Stages []judged `json:"stages,omitempty"`
}

// judgeBuild judges every stage with every base, or only the base and target that were asked for.
func judgeBuild(src []byte, r *request) buildAnswer {
	subjects, err := subjectsOf(src)
	if err != nil {
		return buildAnswer{Error: text(err.Error())}
	}
	answer := buildAnswer{OK: true}
	for _, b := range bases {
		if r.Base != "" && r.Base != b.name {
			continue
		}
		for _, s := range subjects {
			if r.Target != "" && r.Target != s.label && r.Target != s.name {
				continue
			}
			one := judgeStage(s, b, r.BuildArgs)
			if r.Nodes && one.OK {
				one.Image, one.Nodes = raw(one.fields), operations(one.definition, s, subjects)
			}
			answer.OK = answer.OK && one.OK
			answer.Stages = append(answer.Stages, one)
		}
	}
	return answer
}
