package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

const selfTestFile = `FROM node:20 AS deps
WORKDIR /app
COPY package.json .
RUN npm ci
RUN npm run build
FROM node:20
WORKDIR /app
COPY --from=deps /app /app
CMD ["node", "server.js"]
`

// selfTestPairs are changes of selfTestFile and what must be said to differ.
var selfTestPairs = []struct {
	name, old, new string
	differs        []string
}{
	{"nothing", "", "", nil},
	{"a comment", "RUN npm ci\n", "# install\n\nRUN npm ci\n", nil},
	{"the case of a keyword", "RUN npm ci\n", "run npm ci\n", nil},
	{"a continuation", `["node", "server.js"]`, "[\"node\", \\\n  \"server.js\"]", nil},
	{"a digest added to the tag", "FROM node:20 AS", "FROM node:20@sha256:" + strings.Repeat("a", 64) + " AS", nil},
	{"another base", "FROM node:20 AS", "FROM node:22 AS", []string{"deps/FROM/image"}},
	{"ADD for COPY", "COPY package.json", "ADD package.json", []string{"deps/ADD 1/added", "deps/COPY 1/removed"}},
	{"a RUN's text", "RUN npm run build", "RUN npm run build -- --fast", []string{"deps/RUN 2/args"}},
	{"a mount", "RUN npm ci", "RUN --mount=type=cache,target=/root/.npm npm ci", []string{"deps/RUN 1/mounts"}},
	{"a RUN removed", "RUN npm ci\n", "", []string{"deps/RUN 1/removed"}},
	{"a RUN added in between", "RUN npm ci\n", "RUN npm ci\nRUN npm audit\n", []string{"deps/RUN 2/added"}},
	{"COPY --link", "COPY package.json", "COPY --link package.json", []string{"deps/COPY 1/link"}},
	{"a health check", "CMD [", "HEALTHCHECK CMD [\"curl\", \"localhost\"]\nCMD [", []string{"final/config/Healthcheck"}},
	{"a user in the final stage", "CMD [", "USER node\nCMD [", []string{"final/config/User"}},
	{"another name for a stage", "deps", "modules", []string{"deps/name"}},
	{"a stage by number", "--from=deps", "--from=0", nil},
	{"a stage by another's name", "COPY --from=deps", "COPY --from=node:20", []string{"final/COPY 1/from"}},
	{"an error", "COPY --from=deps", "COPY --from=$X", []string{"deps/error", "final/error"}},
}

// runSelfTest proves that the oracle tells equal from different, and names what differs.
func runSelfTest(out io.Writer) error {
	failures := 0
	check := func(name string, ok bool, got any) {
		if ok {
			fmt.Fprintln(out, "ok  ", name)
			return
		}
		failures++
		fmt.Fprintf(out, "FAIL %s: got %v\n", name, got)
	}
	for _, p := range selfTestPairs {
		changed := strings.ReplaceAll(selfTestFile, p.old, p.new)
		if p.old == "" {
			changed = selfTestFile
		} else if changed == selfTestFile {
			check(p.name, false, "no change made")
			continue
		}
		got := compare(&comparison{[]byte(selfTestFile), []byte(changed)}, nil)
		want := []text{}
		for _, d := range p.differs {
			want = append(want, text(d))
		}
		slices.Sort(want)
		check("compare: "+p.name, got.Error == "" && slices.Equal(got.Differs, want) && got.Same == (len(want) == 0), got)
	}

	first := judgeBuild([]byte(selfTestFile), &request{})
	second := judgeBuild([]byte(selfTestFile), &request{})
	equal := slices.EqualFunc(first.Stages, second.Stages, func(a, b judged) bool { return a.LLB == b.LLB && a.Config == b.Config })
	check("build: judged twice is equal", first.OK && equal, first)
	digests := map[string]bool{}
	for _, s := range first.Stages {
		digests[s.LLB] = true
	}
	check("build: each stage and base has its own digest", len(digests) == 4, len(digests))

	lint := judgeLint([]byte("FROM node:20 as build\nCMD node server.js\n"), &request{})
	rules := []string{}
	for _, w := range lint.Warnings {
		rules = append(rules, w.Rule)
	}
	check("lint: both phases warn", slices.Equal(rules, []string{"FromAsCasing", "JSONArgsRecommended"}), rules)

	broken := judgeParse([]byte("RUN cat <<EOF\n"))
	check("parse: an unterminated heredoc is refused", !broken.OK && broken.Error != "", broken)

	sh := judgeShell([]byte("A=1 cmd \"$(inner x)\" >out && two"), "")
	names := []text{}
	for _, c := range sh.Commands {
		names = append(names, c.Words[0].Text)
	}
	check("shell: commands in order of the text", slices.Equal(names, []text{"cmd", "inner", "two"}), names)

	if failures > 0 {
		return fmt.Errorf("%d self-tests failed", failures)
	}
	return nil
}
