// Oracle judges Dockerfiles by BuildKit's own frontend: requests on stdin, answers on stdout, one JSON value a line.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

type request struct {
	ID         json.RawMessage   `json:"id"`
	Dockerfile []byte            `json:"dockerfile"`
	Ops        []string          `json:"ops"`
	Base       string            `json:"base"`
	BuildArgs  map[string]string `json:"buildArgs"`
	Target     string            `json:"target"`
	Nodes      bool              `json:"nodes"`
	Ignore     []byte            `json:"dockerignore"`
	Compare    *comparison       `json:"compare"`
	Script     *[]byte           `json:"script"`
	Lang       string            `json:"lang"`
	Context    *contextQuestion  `json:"context"`
	Timeout    int               `json:"timeout"` // milliseconds; 0: that of the process
}

type answer struct {
	ID           json.RawMessage     `json:"id,omitempty"`
	Error        text                `json:"error,omitempty"`
	Panic        text                `json:"panic,omitempty"`
	Parse        *parseAnswer        `json:"parse,omitempty"`
	Instructions *instructionsAnswer `json:"instructions,omitempty"`
	Lint         *lintAnswer         `json:"lint,omitempty"`
	Build        *buildAnswer        `json:"build,omitempty"`
	Compare      *compareAnswer      `json:"compare,omitempty"`
	Shell        *shellAnswer        `json:"shell,omitempty"`
	Context      *contextAnswer      `json:"context,omitempty"`
	Timeout      bool                `json:"timeout,omitempty"`
}

// defaultTimeout is for one request: real files take milliseconds.
const defaultTimeout = 30 * time.Second

func main() {
	jobs := flag.Int("jobs", 1, "requests to judge at the same time; answers keep their order")
	timeout := flag.Duration("timeout", defaultTimeout, "how long one request may take; 0: for ever")
	selfTest := flag.Bool("self-test", false, "check that the oracle can tell right from wrong, and exit")
	flag.Parse()
	// Nearly all memory is garbage of the last file: fewer collections are worth more than a small heap.
	debug.SetGCPercent(400)
	var err error
	switch {
	case *selfTest:
		err = runSelfTest(os.Stdout)
	case flag.Arg(0) == "shell":
		err = serve(os.Stdin, os.Stdout, *jobs, *timeout, func(r *request) answer {
			if r.Script == nil {
				return answer{Error: "this process takes scripts only"}
			}
			return judge(r)
		})
	case flag.NArg() > 0:
		err = fmt.Errorf("unknown command %q", flag.Arg(0))
	default:
		err = serve(os.Stdin, os.Stdout, *jobs, *timeout, judge)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

// serve answers each line of in with one line of out, in order, judging up to jobs requests at once.
func serve(in io.Reader, out io.Writer, jobs int, timeout time.Duration, judge func(*request) answer) error {
	jobs = max(jobs, 1)
	pending := make(chan chan []byte, 4*jobs)
	free := make(chan struct{}, jobs)
	written := make(chan error, 1)
	go func() {
		buffered := bufio.NewWriterSize(out, 1<<16)
		var failed error
		for one := range pending {
			line := <-one
			if failed != nil {
				continue
			}
			_, failed = buffered.Write(line)
			if failed == nil && len(pending) == 0 {
				failed = buffered.Flush()
			}
		}
		if failed == nil {
			failed = buffered.Flush()
		}
		written <- failed
	}()
	reader := bufio.NewReaderSize(in, 1<<16)
	for {
		line, err := reader.ReadBytes('\n')
		if len(strings.TrimSpace(string(line))) > 0 {
			one := make(chan []byte, 1)
			free <- struct{}{}
			go func() {
				one <- answerLine(line, timeout, judge)
				<-free
			}()
			pending <- one
		}
		if err != nil {
			close(pending)
			failed := <-written
			if err != io.EOF {
				return err
			}
			return failed
		}
	}
}

func answerLine(line []byte, timeout time.Duration, judge func(*request) answer) []byte {
	var r request
	var a answer
	if err := json.Unmarshal(line, &r); err != nil {
		a = answer{Error: text("bad request: " + err.Error())}
	} else {
		a = timed(&r, timeout, judge)
	}
	a.ID = r.ID
	encoded, err := plainJSON(a)
	if err != nil {
		encoded, _ = plainJSON(answer{ID: r.ID, Error: text("cannot encode the answer: " + err.Error())})
	}
	return append(encoded, '\n')
}

// timed gives a request that takes too long up: its work cannot be stopped and goes on, so that whoever asks should
// start another process.
func timed(r *request, limit time.Duration, judge func(*request) answer) answer {
	if r.Timeout > 0 {
		limit = time.Duration(r.Timeout) * time.Millisecond
	}
	if limit <= 0 {
		return guarded(r, judge)
	}
	done := make(chan answer, 1)
	go func() { done <- guarded(r, judge) }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case a := <-done:
		return a
	case <-timer.C:
		return answer{Error: text(fmt.Sprintf("no answer within %s", limit)), Timeout: true}
	}
}

// guarded turns a panic of the library into an answer, so that one file costs no other its judgement.
func guarded(r *request, judge func(*request) answer) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			a = answer{Panic: text(fmt.Sprint(p))}
		}
	}()
	return judge(r)
}

func judge(r *request) answer {
	var a answer
	if r.Script != nil {
		a.Shell = pointer(judgeShell(*r.Script, r.Lang))
		return a
	}
	if r.Context != nil {
		a.Context = pointer(judgeContext(r.Context))
		return a
	}
	if r.Compare != nil {
		a.Compare = pointer(compare(r.Compare, r.BuildArgs))
		return a
	}
	ops := r.Ops
	if ops == nil {
		ops = []string{"parse", "instructions", "lint", "build"}
	}
	if slices.Contains(ops, "parse") {
		a.Parse = pointer(judgeParse(r.Dockerfile))
	}
	if slices.Contains(ops, "instructions") {
		a.Instructions = pointer(judgeInstructions(r.Dockerfile))
	}
	if slices.Contains(ops, "lint") {
		a.Lint = pointer(judgeLint(r.Dockerfile, r))
	}
	if slices.Contains(ops, "build") {
		a.Build = pointer(judgeBuild(r.Dockerfile, r))
	}
	return a
}

func pointer[T any](v T) *T { return &v }
func upper(s string) string { return strings.ToUpper(s) }
