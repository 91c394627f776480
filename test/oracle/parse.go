package main

import (
	"bytes"
	"sort"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type parseAnswer struct {
	OK         bool        `json:"ok"`
	Error      text        `json:"error,omitempty"`
	Escape     string      `json:"escape,omitempty"`
	Directives []directive `json:"directives,omitempty"`
	Nodes      []node      `json:"nodes,omitempty"`
	Warnings   []warning   `json:"warnings,omitempty"`
}

type directive struct {
	Name  string `json:"name"`
	Value text   `json:"value"`
	Line  int    `json:"line"`
}

type warning struct {
	Rule  string   `json:"rule"`
	Lines [][2]int `json:"lines"`
	Text  text     `json:"message"`
}

type node struct {
	Value       text      `json:"value"`
	Keyword     text      `json:"keyword"`
	Original    text      `json:"original"`
	StartLine   int       `json:"startLine"`
	EndLine     int       `json:"endLine"`
	Flags       []text    `json:"flags,omitempty"`
	Attributes  []string  `json:"attributes,omitempty"`
	Args        []text    `json:"args"`
	Heredocs    []heredoc `json:"heredocs,omitempty"`
	PrevComment []text    `json:"prevComment,omitempty"`
	Onbuild     *node     `json:"onbuild,omitempty"`
}

type heredoc struct {
	Name    text `json:"name"`
	Expand  bool `json:"expand"`
	Chomp   bool `json:"chomp"`
	Content text `json:"content"`
	FD      uint `json:"fd"`
}

// judgeParse answers with BuildKit's parse tree: the file's directives, one node per instruction, and warnings.
func judgeParse(src []byte) parseAnswer {
	result, err := parser.Parse(bytes.NewReader(src))
	if err != nil {
		return parseAnswer{Error: text(err.Error())}
	}
	answer := parseAnswer{OK: true, Escape: string(result.EscapeToken), Directives: directivesOf(src)}
	for _, child := range result.AST.Children {
		answer.Nodes = append(answer.Nodes, *nodeOf(child))
	}
	for _, w := range result.Warnings {
		lines := [][2]int{}
		if w.Location != nil {
			lines = append(lines, [2]int{w.Location.Start.Line, w.Location.End.Line})
		}
		answer.Warnings = append(answer.Warnings, warning{Rule: ruleOfURL(w.URL), Lines: lines, Text: text(w.Short)})
	}
	return answer
}

func directivesOf(src []byte) []directive {
	var p parser.DirectiveParser
	all, err := p.ParseAll(src)
	if err != nil {
		return nil
	}
	var out []directive
	for _, d := range all {
		out = append(out, directive{Name: d.Name, Value: text(d.Value), Line: d.Location[0].Start.Line})
	}
	return out
}

// ruleOfURL takes the last part of a rule's address, as warnings of the parser carry no rule name.
func ruleOfURL(url string) string {
	return url[strings.LastIndexByte(strings.TrimSuffix(url, "/"), '/')+1:]
}

func nodeOf(n *parser.Node) *node {
	out := &node{
		Value: text(n.Value), Keyword: text(strings.ToLower(n.Value)), Original: text(n.Original),
		StartLine: n.StartLine, EndLine: n.EndLine,
		Flags: texts(n.Flags), PrevComment: texts(n.PrevComment), Args: []text{},
	}
	for name, set := range n.Attributes {
		if set {
			out.Attributes = append(out.Attributes, name)
		}
	}
	sort.Strings(out.Attributes)
	for next := n.Next; next != nil; next = next.Next {
		if len(next.Children) > 0 {
			out.Onbuild = nodeOf(next.Children[0])
			continue
		}
		out.Args = append(out.Args, text(next.Value))
	}
	for _, h := range n.Heredocs {
		out.Heredocs = append(out.Heredocs, heredoc{
			Name: text(h.Name), Expand: h.Expand, Chomp: h.Chomp, Content: text(h.Content), FD: h.FileDescriptor,
		})
	}
	return out
}
