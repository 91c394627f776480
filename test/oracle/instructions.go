package main

import (
	"bytes"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type instructionsAnswer struct {
	OK       bool      `json:"ok"`
	Error    text      `json:"error,omitempty"`
	Phase    string    `json:"phase,omitempty"`
	MetaArgs []command `json:"metaArgs,omitempty"`
	Stages   []stage   `json:"stages,omitempty"`
}

type stage struct {
	Name       text      `json:"name"`
	BaseName   text      `json:"baseName"`
	Platform   text      `json:"platform,omitempty"`
	DocComment text      `json:"docComment,omitempty"`
	Lines      [2]int    `json:"lines"`
	Commands   []command `json:"commands"`
}

// command is what BuildKit made of one instruction: its name, its lines and the fields of its type.
type command struct {
	Name  string         `json:"name"`
	Lines [2]int         `json:"lines"`
	View  map[string]any `json:"view"`
}

// judgeInstructions answers with BuildKit's stages and typed commands before any expansion.
func judgeInstructions(src []byte) instructionsAnswer {
	result, err := parser.Parse(bytes.NewReader(src))
	if err != nil {
		return instructionsAnswer{Error: text(err.Error()), Phase: "parse"}
	}
	stages, metaArgs, err := instructions.Parse(result.AST, linter.New(&linter.Config{}))
	if err != nil {
		return instructionsAnswer{Error: text(err.Error()), Phase: "instructions"}
	}
	answer := instructionsAnswer{OK: true}
	for i := range metaArgs {
		answer.MetaArgs = append(answer.MetaArgs, commandOf(&metaArgs[i]))
	}
	for _, s := range stages {
		out := stage{
			Name: text(s.Name), BaseName: text(s.BaseName), Platform: text(s.Platform),
			DocComment: text(s.DocComment), Lines: span(s.Location), Commands: []command{},
		}
		for _, c := range s.Commands {
			out.Commands = append(out.Commands, commandOf(c))
		}
		answer.Stages = append(answer.Stages, out)
	}
	return answer
}

func span(location []parser.Range) [2]int {
	if len(location) == 0 {
		return [2]int{}
	}
	return [2]int{location[0].Start.Line, location[len(location)-1].End.Line}
}

func commandOf(c instructions.Command) command {
	return command{Name: c.Name(), Lines: span(c.Location()), View: viewOf(c)}
}

func viewOf(c instructions.Command) map[string]any {
	switch c := c.(type) {
	case *instructions.EnvCommand:
		return map[string]any{"pairs": pairs(c.Env)}
	case *instructions.LabelCommand:
		return map[string]any{"pairs": pairs(c.Labels)}
	case *instructions.ArgCommand:
		return map[string]any{"args": args(c.Args)}
	case *instructions.MaintainerCommand:
		return map[string]any{"maintainer": text(c.Maintainer)}
	case *instructions.AddCommand:
		view := sourcesView(&c.SourcesAndDest)
		setFlags(view, c.Chown, c.Chmod, c.Link, c.ExcludePatterns)
		view["checksum"] = text(c.Checksum)
		view["keepGitDir"], view["unpack"] = c.KeepGitDir, c.Unpack
		return view
	case *instructions.CopyCommand:
		view := sourcesView(&c.SourcesAndDest)
		setFlags(view, c.Chown, c.Chmod, c.Link, c.ExcludePatterns)
		view["from"], view["parents"] = text(c.From), c.Parents
		return view
	case *instructions.RunCommand:
		return runView(c)
	case *instructions.CmdCommand:
		return lineView(&c.ShellDependantCmdLine)
	case *instructions.EntrypointCommand:
		return lineView(&c.ShellDependantCmdLine)
	case *instructions.HealthCheckCommand:
		h := c.Health
		return map[string]any{
			"test": texts(h.Test), "interval": h.Interval.String(), "timeout": h.Timeout.String(),
			"startPeriod": h.StartPeriod.String(), "startInterval": h.StartInterval.String(), "retries": h.Retries,
		}
	case *instructions.OnbuildCommand:
		return map[string]any{"expression": text(c.Expression)}
	case *instructions.WorkdirCommand:
		return map[string]any{"path": text(c.Path)}
	case *instructions.UserCommand:
		return map[string]any{"user": text(c.User)}
	case *instructions.ExposeCommand:
		return map[string]any{"ports": texts(c.Ports)}
	case *instructions.VolumeCommand:
		return map[string]any{"volumes": texts(c.Volumes)}
	case *instructions.StopSignalCommand:
		return map[string]any{"signal": text(c.Signal)}
	case *instructions.ShellCommand:
		return map[string]any{"shell": texts(c.Shell)}
	default:
		return map[string]any{}
	}
}

func pairs(in instructions.KeyValuePairs) []map[string]any {
	out := []map[string]any{}
	for _, p := range in {
		out = append(out, map[string]any{"key": text(p.Key), "value": text(p.Value), "legacy": p.NoDelim})
	}
	return out
}

func args(in []instructions.KeyValuePairOptional) []map[string]any {
	out := []map[string]any{}
	for _, a := range in {
		arg := map[string]any{"key": text(a.Key), "value": nil}
		if a.Value != nil {
			arg["value"] = text(*a.Value)
		}
		if a.DocComment != "" {
			arg["docComment"] = text(a.DocComment)
		}
		out = append(out, arg)
	}
	return out
}

func sourcesView(s *instructions.SourcesAndDest) map[string]any {
	contents := []map[string]any{}
	for _, c := range s.SourceContents {
		contents = append(contents, map[string]any{"path": text(c.Path), "data": text(c.Data), "expand": c.Expand})
	}
	return map[string]any{"sources": texts(s.SourcePaths), "contents": contents, "dest": text(s.DestPath)}
}

func setFlags(view map[string]any, chown, chmod string, link bool, exclude []string) {
	view["chown"], view["chmod"], view["link"], view["exclude"] = text(chown), text(chmod), link, texts(exclude)
}

func lineView(line *instructions.ShellDependantCmdLine) map[string]any {
	files := []map[string]any{}
	for _, f := range line.Files {
		files = append(files, map[string]any{"name": text(f.Name), "data": text(f.Data), "chomp": f.Chomp})
	}
	return map[string]any{"cmdLine": texts(line.CmdLine), "prependShell": line.PrependShell, "files": files}
}

// runView adds what a RUN's flags say. Mounts become known only when they are expanded, which BuildKit does at
// dispatch: here the words stand for themselves, so "$X" in a mount stays "$X".
func runView(c *instructions.RunCommand) map[string]any {
	view := lineView(&c.ShellDependantCmdLine)
	view["flags"] = texts(c.FlagsUsed)
	view["network"] = instructions.GetNetwork(c)
	view["security"] = instructions.GetSecurity(c)
	if err := c.Expand(func(word string) (string, error) { return word, nil }); err != nil {
		view["mountsError"] = text(err.Error())
		return view
	}
	mounts := []map[string]any{}
	for _, m := range instructions.GetMounts(c) {
		mounts = append(mounts, mountView(m))
	}
	view["mounts"] = mounts
	return view
}

func mountView(m *instructions.Mount) map[string]any {
	view := map[string]any{
		"type": m.Type, "from": text(m.From), "source": text(m.Source), "target": text(m.Target), "readOnly": m.ReadOnly,
		"size": m.SizeLimit, "id": text(m.CacheID), "sharing": m.CacheSharing, "required": m.Required,
		"mode": m.Mode, "uid": m.UID, "gid": m.GID, "env": nil,
	}
	if m.Env != nil {
		view["env"] = text(*m.Env)
	}
	return view
}
