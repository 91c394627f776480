package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

type comparison struct {
	Before []byte `json:"before"`
	After  []byte `json:"after"`
}

// compareAnswer says whether two Dockerfiles build the same, for every stage with every base. Differs names what
// does not, as stage/instruction/field; Unjudged names stages that neither file can build, with the same error.
type compareAnswer struct {
	Same     bool   `json:"same"`
	Differs  []text `json:"differs"`
	Unjudged []text `json:"unjudged,omitempty"`
	Error    text   `json:"error,omitempty"`
}

// comparer collects the differences of one pair of files.
type comparer struct {
	before, after []subject
	relabel       map[string]string // label before → label after
	differs       map[text]bool
	unjudged      map[text]bool
	compared      int
}

// compare judges both files. Stages are paired by position when there are as many, else by label.
func compare(c *comparison, buildArgs map[string]string) compareAnswer {
	before, err := subjectsOf(c.Before)
	if err != nil {
		return compareAnswer{Error: text("before: " + err.Error()), Differs: []text{}}
	}
	after, err := subjectsOf(c.After)
	if err != nil {
		return compareAnswer{Error: text("after: " + err.Error()), Differs: []text{}}
	}
	cmp := comparer{before: before, after: after, differs: map[text]bool{}, unjudged: map[text]bool{}}
	pairs := cmp.pairStages()
	for _, b := range bases {
		cmp.compareWith(b, pairs, buildArgs)
	}
	answer := compareAnswer{
		Differs: slices.Sorted(maps.Keys(cmp.differs)), Unjudged: slices.Sorted(maps.Keys(cmp.unjudged)),
	}
	if answer.Differs == nil {
		answer.Differs = []text{}
	}
	if cmp.compared == 0 && len(answer.Differs) == 0 {
		answer.Error = "neither file can be built"
	}
	answer.Same = len(answer.Differs) == 0 && answer.Error == ""
	return answer
}

// pairStages gives index pairs, and reports stages that came, went or lost the name they could be asked for by.
func (c *comparer) pairStages() [][2]int {
	c.relabel = map[string]string{}
	var pairs [][2]int
	if len(c.before) == len(c.after) {
		for i := range c.before {
			pairs = append(pairs, [2]int{i, i})
		}
	} else {
		for i, s := range c.before {
			j := slices.IndexFunc(c.after, func(t subject) bool { return t.label == s.label })
			if j < 0 {
				c.report(s.label, "removed")
				continue
			}
			pairs = append(pairs, [2]int{i, j})
		}
		for _, t := range c.after {
			if !slices.ContainsFunc(c.before, func(s subject) bool { return s.label == t.label }) {
				c.report(t.label, "added")
			}
		}
	}
	for _, p := range pairs {
		was, is := c.before[p[0]], c.after[p[1]]
		c.relabel[was.label] = is.label
		if was.name != "" && was.name != is.name {
			c.report(was.label, "name")
		}
	}
	return pairs
}

func (c *comparer) report(parts ...string) {
	c.differs[text(strings.Join(parts, "/"))] = true
}

// compareWith compares all paired stages on one base.
func (c *comparer) compareWith(b base, pairs [][2]int, buildArgs map[string]string) {
	type pair struct{ was, is judged }
	all := map[string]pair{}
	for _, p := range pairs {
		all[c.before[p[0]].label] = pair{judgeStage(c.before[p[0]], b, buildArgs), judgeStage(c.after[p[1]], b, buildArgs)}
	}
	var unexplained []string
	explained := false
	for _, label := range slices.Sorted(maps.Keys(all)) {
		was, is := all[label].was, all[label].is
		if !was.OK || !is.OK {
			c.compareFailures(label, was, is)
			continue
		}
		c.compared++
		if was.Config != is.Config {
			parent, inherits := all[was.subject.parent]
			inherits = inherits && c.relabel[was.subject.parent] == is.subject.parent
			for _, field := range differingFields(was.fields, is.fields) {
				if !inherits || !sameField(was, parent.was, field) || !sameField(is, parent.is, field) {
					c.report(label, "config", field)
				}
			}
		}
		if was.LLB == is.LLB {
			continue
		}
		found := c.compareOps(label, operations(was.definition, was.subject, c.before), operations(is.definition, is.subject, c.after))
		explained = explained || found
		if !found {
			unexplained = append(unexplained, label)
		}
	}
	// One change gives every later operation another digest, in other stages too. With no change found anywhere
	// the digests are right and the walk over the graph is not.
	if !explained {
		for _, label := range unexplained {
			c.report(label, "llb")
		}
	}
}

var lineNumber = regexp.MustCompile(`line \d+`)

func (c *comparer) compareFailures(label string, was, is judged) {
	failure := func(j judged) string {
		return lineNumber.ReplaceAllString(string(j.Error+j.Panic), "line")
	}
	if was.OK != is.OK || failure(was) != failure(is) {
		c.report(label, "error")
		return
	}
	c.unjudged[text(fmt.Sprintf("%s on %s: %s", label, was.Base, was.Error+was.Panic))] = true
}

// differingFields leaves out ArgsEscaped where Cmd or Entrypoint differ, because these set it.
func differingFields(was, is map[string]json.RawMessage) []string {
	names := map[string]bool{}
	for name := range was {
		names[name] = true
	}
	for name := range is {
		names[name] = true
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if string(was[name]) != string(is[name]) {
			out = append(out, name)
		}
	}
	if slices.Contains(out, "Cmd") || slices.Contains(out, "Entrypoint") {
		out = slices.DeleteFunc(out, func(name string) bool { return name == "ArgsEscaped" })
	}
	return out
}

func sameField(one, other judged, field string) bool {
	return other.OK && string(one.fields[field]) == string(other.fields[field])
}

// compareOps reports the differences of one stage's operations and says whether there were any.
func (c *comparer) compareOps(label string, was, is []op) bool {
	n := len(c.differs)
	found := false
	for _, p := range c.align(was, is) {
		switch {
		case p[1] < 0:
			c.report(label, string(was[p[0]].Name), "removed")
			found = true
		case p[0] < 0:
			c.report(label, string(is[p[1]].Name), "added")
			found = true
		default:
			for _, field := range c.differingOpFields(was[p[0]], is[p[1]]) {
				c.report(label, string(was[p[0]].Name), field)
				found = true
			}
		}
	}
	return found || len(c.differs) > n
}

func (c *comparer) differingOpFields(was, is op) []string {
	names := map[string]bool{}
	for name := range was.Fields {
		names[name] = true
	}
	for name := range is.Fields {
		names[name] = true
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !c.equalJSON(was.Fields[name], is.Fields[name]) {
			out = append(out, name)
		}
	}
	return out
}

// equalJSON compares encoded values, under which a stage may carry a new label.
func (c *comparer) equalJSON(a, b json.RawMessage) bool {
	if string(a) == string(b) && !strings.Contains(string(a), `"stages"`) {
		return true
	}
	if a == nil || b == nil {
		return false
	}
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return c.equal(x, y)
}

func (c *comparer) equal(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		if was, ok := x["stages"].([]any); ok && len(x) == 1 {
			is, _ := y["stages"].([]any)
			return slices.ContainsFunc(was, func(s any) bool { return slices.Contains(is, any(c.relabel[s.(string)])) })
		}
		for k := range x {
			if w, ok := y[k]; !ok || !c.equal(x[k], w) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, c.equal)
	default:
		return a == b
	}
}

// align pairs the operations of a stage in order; -1 stands for none. Sequences of the same instructions are paired
// by position. Otherwise equal operations are paired first, then those of the same instruction between them.
func (c *comparer) align(was, is []op) [][2]int {
	var out [][2]int
	if slices.EqualFunc(was, is, func(a, b op) bool { return keyword(a) == keyword(b) }) {
		for i := range was {
			out = append(out, [2]int{i, i})
		}
		return out
	}
	i, j := 0, 0
	for _, p := range append(c.commonOps(was, is), [2]int{len(was), len(is)}) {
		out = append(out, pairGap(was, is, i, p[0], j, p[1])...)
		if p[0] < len(was) {
			out = append(out, p)
		}
		i, j = p[0]+1, p[1]+1
	}
	return out
}

func keyword(o op) string {
	word, _, _ := strings.Cut(string(o.Name), " ")
	return word
}

// commonOps is a longest common subsequence of equal operations.
func (c *comparer) commonOps(was, is []op) [][2]int {
	best := make([][]int, len(was)+1)
	for i := range best {
		best[i] = make([]int, len(is)+1)
	}
	same := func(i, j int) bool {
		return keyword(was[i]) == keyword(is[j]) && len(c.differingOpFields(was[i], is[j])) == 0
	}
	equal := make([][]bool, len(was))
	for i := len(was) - 1; i >= 0; i-- {
		equal[i] = make([]bool, len(is))
		for j := len(is) - 1; j >= 0; j-- {
			equal[i][j] = same(i, j)
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if equal[i][j] {
				best[i][j] = max(best[i][j], 1+best[i+1][j+1])
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(was) && j < len(is); {
		switch {
		case equal[i][j] && best[i][j] == 1+best[i+1][j+1]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// pairGap pairs was[i:iEnd] with is[j:jEnd] by instruction, keeping the order.
func pairGap(was, is []op, i, iEnd, j, jEnd int) [][2]int {
	var out [][2]int
	for ; i < iEnd; i++ {
		k := j
		for k < jEnd && keyword(is[k]) != keyword(was[i]) {
			k++
		}
		if k == jEnd {
			out = append(out, [2]int{i, -1})
			continue
		}
		for ; j < k; j++ {
			out = append(out, [2]int{-1, j})
		}
		out = append(out, [2]int{i, j})
		j++
	}
	for ; j < jEnd; j++ {
		out = append(out, [2]int{-1, j})
	}
	return out
}
