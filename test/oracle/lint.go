package main

import (
	"errors"
	"sort"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type lintAnswer struct {
	OK       bool      `json:"ok"`
	Error    text      `json:"error,omitempty"`
	Lines    [][2]int  `json:"lines,omitempty"` // where the error is, if BuildKit says so
	Warnings []warning `json:"warnings"`
}

// judgeLint answers as `docker build --check` does: all stages unless a target is named. A failed build keeps the
// warnings found before it. The build context is unknown, but what it ignores may be given.
func judgeLint(src []byte, r *request) lintAnswer {
	answer := lintAnswer{Warnings: []warning{}}
	b := bases[0]
	for _, one := range bases {
		if one.name == r.Base {
			b = one
		}
	}
	warn := func(rule, _, _, message string, location []parser.Range) {
		lines := [][2]int{}
		for _, l := range location {
			lines = append(lines, [2]int{l.Start.Line, l.End.Line})
		}
		answer.Warnings = append(answer.Warnings, warning{Rule: rule, Lines: lines, Text: text(message)})
	}
	c := conversion{base: b, buildArgs: r.BuildArgs, target: r.Target, allStages: r.Target == "", warn: warn}
	var err error
	if r.Ignore != nil {
		c.client, err = ignoring(r.Ignore)
	}
	if err == nil {
		_, err = c.run(src)
	}
	answer.OK = err == nil
	if err != nil {
		answer.Error = text(err.Error())
		var located *parser.LocationError
		if errors.As(err, &located) {
			for _, ranges := range located.Locations {
				for _, l := range ranges {
					answer.Lines = append(answer.Lines, [2]int{l.Start.Line, l.End.Line})
				}
			}
		}
	}
	sort.SliceStable(answer.Warnings, func(i, j int) bool { return firstLine(answer.Warnings[i]) < firstLine(answer.Warnings[j]) })
	return answer
}

func firstLine(w warning) int {
	if len(w.Lines) == 0 {
		return 0
	}
	return w.Lines[0][0]
}
