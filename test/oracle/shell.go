package main

import (
	"bytes"
	"sort"

	"mvdan.cc/sh/v3/syntax"
)

// shellAnswer is a script as mvdan.cc/sh reads it. All positions are byte offsets into the script.
type shellAnswer struct {
	OK        bool            `json:"ok"`
	Error     text            `json:"error,omitempty"`
	Commands  []simpleCommand `json:"commands,omitempty"`
	Operators []operator      `json:"operators,omitempty"`
}

// simpleCommand is a command with its words; a declaration such as export counts as one. Depth counts the commands
// around it, Substitutions those of them that are $(…), `…` or <(…).
type simpleCommand struct {
	Pos           uint      `json:"pos"`
	End           uint      `json:"end"`
	Assigns       [][2]uint `json:"assigns"`
	Words         []word    `json:"words"`
	Redirs        []redir   `json:"redirs"`
	Depth         int       `json:"depth"`
	Substitutions int       `json:"inSubst"`
}

// word has its text as written and, when it has no expansions, the value after quote removal.
type word struct {
	S     uint  `json:"s"`
	E     uint  `json:"e"`
	Text  text  `json:"text"`
	Value *text `json:"value"`
}

type redir struct {
	S       uint     `json:"s"`
	E       uint     `json:"e"`
	Op      string   `json:"op"`
	FD      text     `json:"fd,omitempty"`
	Target  word     `json:"target"`
	Heredoc *[2]uint `json:"heredoc,omitempty"`
}

type operator struct {
	S  uint   `json:"s"`
	E  uint   `json:"e"`
	Op string `json:"op"`
}

// judgeShell parses a script, as POSIX shell unless lang is "bash".
func judgeShell(script []byte, lang string) shellAnswer {
	variant := syntax.LangPOSIX
	if lang == "bash" {
		variant = syntax.LangBash
	}
	file, err := syntax.NewParser(syntax.Variant(variant)).Parse(bytes.NewReader(script), "")
	if err != nil {
		return shellAnswer{Error: text(err.Error())}
	}
	reader := shellReader{script: script}
	syntax.Walk(file, reader.visit)
	sort.SliceStable(reader.commands, func(i, j int) bool { return reader.commands[i].Pos < reader.commands[j].Pos })
	sort.SliceStable(reader.operators, func(i, j int) bool { return reader.operators[i].S < reader.operators[j].S })
	return shellAnswer{OK: true, Commands: reader.commands, Operators: reader.operators}
}

type shellReader struct {
	script    []byte
	around    []syntax.Node
	commands  []simpleCommand
	operators []operator
}

func (r *shellReader) visit(n syntax.Node) bool {
	if n == nil {
		r.around = r.around[:len(r.around)-1]
		return true
	}
	switch n := n.(type) {
	case *syntax.Stmt:
		r.statement(n)
	case *syntax.BinaryCmd:
		r.operators = append(r.operators, operator{n.OpPos.Offset(), n.OpPos.Offset() + uint(len(n.Op.String())), n.Op.String()})
	}
	r.around = append(r.around, n)
	return true
}

func (r *shellReader) statement(s *syntax.Stmt) {
	if s.Semicolon.IsValid() {
		at := s.Semicolon.Offset()
		r.operators = append(r.operators, operator{at, at + 1, string(r.script[at : at+1])})
	}
	one := simpleCommand{Assigns: [][2]uint{}, Words: []word{}, Redirs: []redir{}}
	var first, last uint
	cover := func(s, e uint) {
		if last == 0 || s < first {
			first = s
		}
		last = max(last, e)
	}
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr:
		for _, a := range c.Assigns {
			one.Assigns = append(one.Assigns, [2]uint{a.Pos().Offset(), a.End().Offset()})
			cover(a.Pos().Offset(), a.End().Offset())
		}
		for _, w := range c.Args {
			one.Words = append(one.Words, r.word(w))
			cover(w.Pos().Offset(), w.End().Offset())
		}
	case *syntax.DeclClause:
		one.Words = append(one.Words, r.literal(c.Variant.Pos().Offset(), c.Variant.End().Offset()))
		cover(c.Variant.Pos().Offset(), c.Variant.End().Offset())
		for _, a := range c.Args {
			one.Words = append(one.Words, r.assignWord(a))
			cover(a.Pos().Offset(), a.End().Offset())
		}
	case nil:
	default:
		return
	}
	for _, d := range s.Redirs {
		one.Redirs = append(one.Redirs, r.redirection(d))
		cover(d.Pos().Offset(), d.Word.End().Offset())
	}
	one.Pos, one.End = first, last
	for _, n := range r.around {
		switch n.(type) {
		case *syntax.Stmt:
			one.Depth++
		case *syntax.CmdSubst, *syntax.ProcSubst:
			one.Substitutions++
		}
	}
	r.commands = append(r.commands, one)
}

func (r *shellReader) literal(s, e uint) word {
	value := text(r.script[s:e])
	return word{S: s, E: e, Text: value, Value: &value}
}

func (r *shellReader) word(w *syntax.Word) word {
	s, e := w.Pos().Offset(), w.End().Offset()
	out := word{S: s, E: e, Text: text(r.script[s:e])}
	if value, ok := unquoted(w.Parts); ok {
		out.Value = &value
	}
	return out
}

// assignWord is an argument of export and the like, which the library has taken apart.
func (r *shellReader) assignWord(a *syntax.Assign) word {
	s, e := a.Pos().Offset(), a.End().Offset()
	out := word{S: s, E: e, Text: text(r.script[s:e])}
	if a.Index != nil || a.Array != nil {
		return out
	}
	value := text("")
	if a.Name != nil {
		value = text(a.Name.Value)
		if !a.Naked {
			value += "="
		}
	}
	if a.Value != nil {
		rest, ok := unquoted(a.Value.Parts)
		if !ok {
			return out
		}
		value += rest
	}
	out.Value = &value
	return out
}

func (r *shellReader) redirection(d *syntax.Redirect) redir {
	out := redir{S: d.Pos().Offset(), E: d.Word.End().Offset(), Op: d.Op.String(), Target: r.word(d.Word)}
	if d.N != nil {
		out.FD = text(d.N.Value)
	}
	if d.Hdoc != nil {
		out.Heredoc = &[2]uint{d.Hdoc.Pos().Offset(), r.bodyEnd(d.Hdoc, out.Target)}
	}
	return out
}

// bodyEnd is where a here-document's last line ends: the library may count the delimiter to the body.
func (r *shellReader) bodyEnd(body *syntax.Word, delimiter word) uint {
	start, end := body.Pos().Offset(), body.End().Offset()
	lastLine := start + uint(bytes.LastIndexByte(r.script[start:end], '\n')+1)
	if delimiter.Value != nil && string(bytes.TrimLeft(r.script[lastLine:end], "\t")) == string(*delimiter.Value) {
		return lastLine
	}
	return end
}

// unquoted removes quotes and escapes from a word without expansions; ok is false if it has any.
func unquoted(parts []syntax.WordPart) (value text, ok bool) {
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			value += unescaped(p.Value, false)
		case *syntax.SglQuoted:
			if p.Dollar {
				return "", false
			}
			value += text(p.Value)
		case *syntax.DblQuoted:
			for _, inner := range p.Parts {
				lit, isLit := inner.(*syntax.Lit)
				if !isLit || p.Dollar {
					return "", false
				}
				value += unescaped(lit.Value, true)
			}
		default:
			return "", false
		}
	}
	return value, true
}

// unescaped removes backslashes: all of them outside quotes, those before $ ` " \ inside double quotes. A newline
// after one goes too.
func unescaped(s string, quoted bool) text {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			next := s[i+1]
			if next == '\n' {
				i++
				continue
			}
			if !quoted || next == '$' || next == '`' || next == '"' || next == '\\' {
				out = append(out, next)
				i++
				continue
			}
		}
		out = append(out, s[i])
	}
	return text(out)
}
