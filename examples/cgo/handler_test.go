package main

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

func ask(t *testing.T, bookmarks *store, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer secret")
	recorder := httptest.NewRecorder()
	newHandler(bookmarks, "secret").ServeHTTP(recorder, request)
	return recorder
}

func newStore(t *testing.T, path string) *store {
	t.Helper()
	bookmarks, err := openStore(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bookmarks.db.Close() })
	return bookmarks
}

func TestStatus(t *testing.T) {
	bookmarks := newStore(t, ":memory:")
	for _, test := range []struct {
		name, method, path, body string
		want                     int
	}{
		{"health", "GET", "/healthz", "", 200},
		{"added", "POST", "/bookmarks", `{"url":"https://example.com/a","title":"An example"}`, 201},
		{"known already", "POST", "/bookmarks", `{"url":"https://example.com/a","title":"Again"}`, 409},
		{"no web address", "POST", "/bookmarks", `{"url":"file:///etc/passwd","title":"x"}`, 400},
		{"no title", "POST", "/bookmarks", `{"url":"https://example.com/b"}`, 400},
		{"no JSON", "POST", "/bookmarks", `url`, 400},
		{"unknown", "GET", "/nothing", "", 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := ask(t, bookmarks, test.method, test.path, test.body).Code; got != test.want {
				t.Errorf("status %d, want %d", got, test.want)
			}
		})
	}
}

func TestAsksForTheToken(t *testing.T) {
	recorder := httptest.NewRecorder()
	newHandler(newStore(t, ":memory:"), "secret").ServeHTTP(recorder, httptest.NewRequest("POST", "/bookmarks", nil))
	if recorder.Code != 401 {
		t.Errorf("status %d, want 401", recorder.Code)
	}
}

func TestFindsByWordsAndKeepsThem(t *testing.T) {
	path := t.TempDir() + "/bookmarks.db"
	bookmarks := newStore(t, path)
	ask(t, bookmarks, "POST", "/bookmarks", `{"url":"https://example.com/go","title":"Signals in Go"}`)
	ask(t, bookmarks, "POST", "/bookmarks", `{"url":"https://example.com/c","title":"Signals in C"}`)
	again := newStore(t, path)
	for words, want := range map[string]int{"signals": 2, "go+signals": 1, "nothing": 0, "": 0, `%22`: 0, "*": 0} {
		var found []Bookmark
		if err := json.Unmarshal(ask(t, again, "GET", "/bookmarks?q="+words, "").Body.Bytes(), &found); err != nil {
			t.Fatal(words, err)
		}
		if len(found) != want {
			t.Errorf("%q finds %v, want %d", words, found, want)
		}
	}
}
