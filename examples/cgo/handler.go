package main

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
)

// newHandler answers POST /bookmarks and GET /bookmarks?q=words. A token that is not empty must be sent as a bearer token to add.
func newHandler(bookmarks *store, token string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := bookmarks.db.PingContext(r.Context()); err != nil {
			fail(w, err)
			return
		}
		answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("POST /bookmarks", func(w http.ResponseWriter, r *http.Request) {
		if token != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+token)) == 0 {
			answer(w, http.StatusUnauthorized, map[string]string{"error": "token missing"})
			return
		}
		var bookmark Bookmark
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 10_000)).Decode(&bookmark); err != nil || bookmark.Title == "" || !isWebAddress(bookmark.URL) {
			answer(w, http.StatusBadRequest, map[string]string{"error": "a url and a title are needed"})
			return
		}
		switch err := bookmarks.add(bookmark); {
		case errors.Is(err, errKnown):
			answer(w, http.StatusConflict, map[string]string{"error": err.Error()})
		case err != nil:
			fail(w, err)
		default:
			answer(w, http.StatusCreated, bookmark)
		}
	})
	mux.HandleFunc("GET /bookmarks", func(w http.ResponseWriter, r *http.Request) {
		found, err := bookmarks.find(r.URL.Query().Get("q"))
		if err != nil {
			fail(w, err)
			return
		}
		answer(w, http.StatusOK, found)
	})
	return mux
}

func isWebAddress(text string) bool {
	parsed, err := url.Parse(text)
	return err == nil && parsed.Host != "" && (parsed.Scheme == "https" || parsed.Scheme == "http")
}

func fail(w http.ResponseWriter, err error) {
	slog.Error(err.Error())
	answer(w, http.StatusInternalServerError, map[string]string{"error": "see the log"})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
