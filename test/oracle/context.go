package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	gofs "io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// contextQuestion asks what a .dockerignore does with paths, each seen by itself, and what a client sends of a context.
type contextQuestion struct {
	Dockerignore []byte   `json:"dockerignore"`
	Paths        [][]byte `json:"paths"`
	// Entries of the context; a directory ends in "/", a symbolic link is "path -> target".
	Entries []string `json:"entries"`
	// Wanted is what instructions ask for; without it everything is.
	Wanted []string `json:"wanted"`
}

type contextAnswer struct {
	OK       bool   `json:"ok"`
	Error    text   `json:"error,omitempty"`
	Patterns []text `json:"patterns"`
	// Ignored has a letter for each path: y, n, or e for an error.
	Ignored string `json:"ignored"`
	Sent    []text `json:"sent"`
	// Failed is the error that the walk ended with.
	Failed text `json:"failed,omitempty"`
}

func judgeContext(q *contextQuestion) contextAnswer {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(q.Dockerignore))
	if err != nil {
		return contextAnswer{Error: text(err.Error())}
	}
	answer := contextAnswer{OK: true, Sent: []text{}}
	for _, p := range patterns {
		answer.Patterns = append(answer.Patterns, text(p))
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		answer.OK, answer.Error = false, text(err.Error())
		return answer
	}
	var ignored strings.Builder
	for _, p := range q.Paths {
		switch matched, err := matcher.MatchesOrParentMatches(string(p)); {
		case err != nil:
			ignored.WriteByte('e')
		case matched:
			ignored.WriteByte('y')
		default:
			ignored.WriteByte('n')
		}
	}
	answer.Ignored = ignored.String()
	if q.Entries == nil {
		return answer
	}
	// As the client does with what the frontend asks for (session/filesync).
	sent, err := fsutil.NewFilterFS(newTree(q.Entries), &fsutil.FilterOpt{ExcludePatterns: patterns, FollowPaths: q.Wanted})
	if err == nil {
		err = sent.Walk(context.Background(), "", func(p string, _ gofs.DirEntry, err error) error {
			if err == nil {
				answer.Sent = append(answer.Sent, text(p))
			}
			return err
		})
	}
	if err != nil {
		answer.Failed = text(err.Error())
	}
	return answer
}

// tree is a directory that exists in memory only.
type tree map[string][]*types.Stat

func newTree(entries []string) tree {
	t := tree{}
	for _, entry := range entries {
		name, target, isLink := strings.Cut(entry, " -> ")
		stat := &types.Stat{Path: strings.TrimSuffix(name, "/"), Mode: 0o644}
		switch {
		case isLink:
			stat.Mode, stat.Linkname = uint32(os.ModeSymlink|0o777), target
		case strings.HasSuffix(name, "/"):
			stat.Mode = uint32(os.ModeDir | 0o755)
		}
		t[path.Dir(stat.Path)] = append(t[path.Dir(stat.Path)], stat)
	}
	for _, inside := range t {
		slices.SortFunc(inside, func(a, b *types.Stat) int { return strings.Compare(a.Path, b.Path) })
	}
	return t
}

func (t tree) find(name string) *types.Stat {
	for _, stat := range t[path.Dir(name)] {
		if stat.Path == name {
			return stat
		}
	}
	return nil
}

func (t tree) Open(string) (io.ReadCloser, error) { return nil, os.ErrNotExist }

// Walk goes through the tree as fsutil goes through a disk: what is not there, or is no directory, is passed over.
func (t tree) Walk(_ context.Context, target string, visit gofs.WalkDirFunc) error {
	fn := func(p string, entry gofs.DirEntry, err error) error {
		failed := visit(p, entry, err)
		if errors.Is(failed, os.ErrNotExist) || errors.Is(failed, syscall.ENOTDIR) {
			return gofs.SkipDir
		}
		return failed
	}
	target = strings.TrimPrefix(path.Join("/", target), "/")
	var err error
	if target == "" {
		err = t.inside(".", fn)
	} else if stat := t.find(target); stat == nil {
		err = fn(target, nil, &os.PathError{Op: "lstat", Path: target, Err: os.ErrNotExist})
	} else {
		err = t.visit(stat, fn)
	}
	if errors.Is(err, gofs.SkipDir) {
		return nil
	}
	return err
}

func (t tree) visit(stat *types.Stat, fn gofs.WalkDirFunc) error {
	if err := fn(stat.Path, &fsutil.DirEntryInfo{Stat: stat.Clone()}, nil); err != nil {
		if stat.IsDir() && errors.Is(err, gofs.SkipDir) {
			return nil
		}
		return err
	}
	if !stat.IsDir() {
		return nil
	}
	return t.inside(stat.Path, fn)
}

func (t tree) inside(directory string, fn gofs.WalkDirFunc) error {
	for _, stat := range t[directory] {
		if err := t.visit(stat, fn); err != nil {
			if errors.Is(err, gofs.SkipDir) {
				return nil
			}
			return err
		}
	}
	return nil
}
