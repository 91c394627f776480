package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	digest "github.com/opencontainers/go-digest"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// op is one operation of a stage, in the order of building: the instruction that made it, and its content by field.
// The file system it starts from is not among the fields: that is the operation before it.
type op struct {
	Name   text                       `json:"name"`
	Fields map[string]json.RawMessage `json:"fields"`
}

// graph is a definition made searchable.
type graph struct {
	ops  map[string]*pb.Op
	def  *llb.Definition
	from subject
	all  []subject
}

// operations lists the operations of one stage, from its base up to its result.
func operations(d *llb.Definition, s subject, all []subject) []op {
	g := graph{ops: map[string]*pb.Op{}, def: d, from: s, all: all}
	for _, dt := range d.Def {
		var one pb.Op
		if err := one.UnmarshalVT(dt); err == nil {
			g.ops[digest.FromBytes(dt).String()] = &one
		}
	}
	var out []op
	at := headOf(d)
	for {
		one := g.ops[at]
		line := g.lineOf(at)
		if one == nil || one.GetSource() != nil || line == 0 {
			break
		}
		out = append(out, op{Name: text(g.nameAt(line)), Fields: g.fields(one)})
		at = g.primary(one)
	}
	from := op{Name: "FROM", Fields: map[string]json.RawMessage{"image": g.inline(at)}}
	out = append(out, from)
	slices.Reverse(out)
	numberTriggers(out)
	return out
}

// lineOf gives the first line of this stage's instruction that made the operation; 0 if none of this stage did.
func (g *graph) lineOf(dgst string) int {
	locations := g.def.Source.GetLocations()[dgst]
	for _, l := range locations.GetLocations() {
		for _, r := range l.Ranges {
			line := int(r.Start.Line)
			if line >= g.from.lines[0] && line <= g.from.lines[1] {
				return line
			}
		}
	}
	return 0
}

// nameAt names an instruction by its first line. Only triggers of the base stand on the line of FROM.
func (g *graph) nameAt(line int) string {
	if name, ok := g.from.index[line]; ok && name != "FROM" {
		return name
	}
	return "ONBUILD"
}

func numberTriggers(ops []op) {
	n := 0
	for i := range ops {
		if ops[i].Name == "ONBUILD" {
			n++
			ops[i].Name += text(" " + strconv.Itoa(n))
		}
	}
}

// primary is the edge that an operation's result grows from: the root mount, the first action's input, the bottom
// of a merge. An empty string is scratch.
func (g *graph) primary(one *pb.Op) string {
	i := int64(-1)
	switch {
	case one.GetExec() != nil:
		for _, m := range one.GetExec().Mounts {
			if m.Dest == "/" {
				i = m.Input
			}
		}
	case one.GetFile() != nil && len(one.GetFile().Actions) > 0:
		i = one.GetFile().Actions[0].Input
	case one.GetMerge() != nil && len(one.GetMerge().Inputs) > 0:
		i = one.GetMerge().Inputs[0].Input
	}
	return g.edge(one, i)
}

func (g *graph) edge(one *pb.Op, i int64) string {
	if i < 0 || i >= int64(len(one.Inputs)) {
		return ""
	}
	return edgeName(one.Inputs[i])
}

// inline describes what an edge brings in: a source by its identifier, another stage by its label, and an operation
// without an instruction of its own (an inline document, a mount's directory) by its content. The context's followed paths follow from the other instructions and are left out.
func (g *graph) inline(dgst string) json.RawMessage {
	if dgst == "" {
		return raw("scratch")
	}
	one := g.ops[dgst]
	if one == nil {
		return raw(map[string]any{"op": dgst})
	}
	if src := one.GetSource(); src != nil {
		attrs := map[string]string{}
		for k, v := range src.Attrs {
			if k != pb.AttrFollowPaths && k != pb.AttrLocalUniqueID && k != pb.AttrSharedKeyHint {
				attrs[k] = v
			}
		}
		out := map[string]any{"source": text(src.Identifier), "attrs": attrs}
		if one.Platform != nil && !strings.HasPrefix(src.Identifier, "local://") {
			out["platform"] = protoJSON(one.Platform)
		}
		return raw(out)
	}
	if stages := g.stagesOf(dgst); len(stages) > 0 {
		return raw(map[string]any{"stages": stages})
	}
	return g.content(dgst)
}

// content spells an operation out, for those that have no instruction of their own.
func (g *graph) content(dgst string) json.RawMessage {
	one := g.ops[dgst]
	return raw(map[string]any{"from": g.inline(g.primary(one)), "fields": g.fields(one)})
}

// stagesOf names the stages whose instructions made an operation. What a stage takes from another is always that
// one's result; equal stages share their operations, so there may be several.
func (g *graph) stagesOf(dgst string) []text {
	found := map[text]bool{}
	for _, l := range g.def.Source.GetLocations()[dgst].GetLocations() {
		for _, r := range l.Ranges {
			for _, s := range g.all {
				if int(r.Start.Line) >= s.lines[0] && int(r.Start.Line) <= s.lines[1] {
					found[text(s.label)] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func (g *graph) fields(one *pb.Op) map[string]json.RawMessage {
	var out map[string]json.RawMessage
	switch {
	case one.GetExec() != nil:
		out = g.execFields(one)
	case one.GetFile() != nil:
		out = g.fileFields(one)
	case one.GetMerge() != nil:
		out = g.mergeFields(one)
	default:
		out = map[string]json.RawMessage{"op": protoJSON(one)}
	}
	if one.Platform != nil {
		out["platform"] = protoJSON(one.Platform)
	}
	if one.Constraints != nil && len(one.Constraints.Filter) > 0 {
		out["constraints"] = raw(one.Constraints.Filter)
	}
	return out
}

// mergeFields is those of the one copy that COPY --link puts on top, so that the flag alone makes one difference.
func (g *graph) mergeFields(one *pb.Op) map[string]json.RawMessage {
	layers := one.GetMerge().Inputs[1:]
	if len(layers) == 1 {
		if layer := g.ops[g.edge(one, layers[0].Input)]; layer != nil && layer.GetFile() != nil && g.primary(layer) == "" {
			out := g.fileFields(layer)
			out["link"] = raw(true)
			return out
		}
	}
	var contents []json.RawMessage
	for _, in := range layers {
		contents = append(contents, g.inline(g.edge(one, in.Input)))
	}
	return map[string]json.RawMessage{"merge": raw(contents)}
}

func (g *graph) execFields(one *pb.Op) map[string]json.RawMessage {
	exec := one.GetExec()
	meta := proto.Clone(exec.Meta).(*pb.Meta)
	out := map[string]json.RawMessage{
		"args": raw(texts(meta.Args)), "env": raw(texts(meta.Env)), "cwd": raw(text(meta.Cwd)), "user": raw(text(meta.User)),
		"network": raw(exec.Network.String()), "security": raw(exec.Security.String()),
	}
	meta.Args, meta.Env, meta.Cwd, meta.User = nil, nil, "", ""
	out["meta"] = protoJSON(meta)
	var mounts []json.RawMessage
	for _, m := range exec.Mounts {
		if m.Dest == "/" {
			continue
		}
		bare := proto.Clone(m).(*pb.Mount)
		bare.Input, bare.Output = 0, 0
		mounts = append(mounts, raw(map[string]any{
			"from": g.inline(g.edge(one, m.Input)), "mount": protoJSON(bare), "kept": m.Output >= 0,
		}))
	}
	for _, s := range exec.Secretenv {
		mounts = append(mounts, raw(map[string]any{"secretenv": protoJSON(s)}))
	}
	out["mounts"] = raw(mounts)
	var devices []json.RawMessage
	for _, d := range exec.CdiDevices {
		devices = append(devices, protoJSON(d))
	}
	out["devices"] = raw(devices)
	return out
}

// fileFields spreads the actions over fields: a list with one entry per action, or the value common to all.
func (g *graph) fileFields(one *pb.Op) map[string]json.RawMessage {
	lists := map[string][]any{}
	for _, action := range one.GetFile().Actions {
		add := func(field string, value any) { lists[field] = append(lists[field], value) }
		switch a := action.Action.(type) {
		case *pb.FileAction_Copy:
			c := proto.Clone(a.Copy).(*pb.FileActionCopy)
			add("from", g.inline(g.edge(one, action.SecondaryInput)))
			add("sources", text(c.Src))
			add("dest", text(c.Dest))
			add("owner", g.owner(one, c.Owner))
			add("mode", map[string]any{"bits": c.Mode, "text": text(c.ModeStr)})
			add("exclude", texts(c.ExcludePatterns))
			add("unpack", c.AttemptUnpackDockerCompatibility)
			c.Src, c.Dest, c.Owner, c.Mode, c.ModeStr, c.ExcludePatterns = "", "", nil, 0, "", nil
			c.AttemptUnpackDockerCompatibility = false
			add("options", protoJSON(c))
		case *pb.FileAction_Mkdir:
			add("dest", text(a.Mkdir.Path))
			add("owner", g.owner(one, a.Mkdir.Owner))
			add("mode", map[string]any{"bits": a.Mkdir.Mode, "parents": a.Mkdir.MakeParents})
		case *pb.FileAction_Mkfile:
			add("dest", text(a.Mkfile.Path))
			add("content", text(a.Mkfile.Data))
			add("owner", g.owner(one, a.Mkfile.Owner))
			add("mode", map[string]any{"bits": a.Mkfile.Mode})
		default:
			add("action", protoJSON(action))
		}
	}
	out := map[string]json.RawMessage{}
	for field, list := range lists {
		out[field] = raw(list)
		if field != "sources" {
			out[field] = raw(common(out[field], list))
		}
	}
	return out
}

// common is the one value of a list whose values are all equal, so that a further source is a difference of the
// sources only. How many actions there are, the sources still say.
func common(encoded json.RawMessage, list []any) any {
	first := raw(list[0])
	for _, one := range list[1:] {
		if !bytes.Equal(raw(one), first) {
			return encoded
		}
	}
	return first
}

// owner leaves out in which input a name is looked up: that is the file system the operation starts from.
func (g *graph) owner(one *pb.Op, o *pb.ChownOpt) any {
	user := func(u *pb.UserOpt) any {
		if name := u.GetByName(); name != nil {
			return map[string]any{"name": text(name.Name), "inBase": g.edge(one, name.Input) == g.primary(one)}
		}
		if u == nil {
			return nil
		}
		return u.GetByID()
	}
	if o == nil {
		return nil
	}
	return map[string]any{"user": user(o.User), "group": user(o.Group)}
}

func protoJSON(m proto.Message) json.RawMessage {
	encoded, err := protojson.Marshal(m)
	if err != nil {
		return raw(text(err.Error()))
	}
	// protojson varies its white space on purpose; decoding and encoding again settles it.
	var value any
	if err := json.Unmarshal(encoded, &value); err != nil {
		return raw(text(err.Error()))
	}
	return raw(value)
}

func raw(v any) json.RawMessage {
	encoded, err := plainJSON(v)
	if err != nil {
		panic(err)
	}
	return encoded
}
