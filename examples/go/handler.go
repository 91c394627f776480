package main

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/google/uuid"
)

const most = 1000

// newHandler answers GET /ids?n=3 with n identifiers (UUID version 7). A token that is not empty must be sent as a bearer token.
func newHandler(token string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /ids", func(w http.ResponseWriter, r *http.Request) {
		if token != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+token)) == 0 {
			answer(w, http.StatusUnauthorized, map[string]string{"error": "token missing"})
			return
		}
		n := 1
		if asked := r.URL.Query().Get("n"); asked != "" {
			var err error
			if n, err = strconv.Atoi(asked); err != nil || n < 1 || n > most {
				answer(w, http.StatusBadRequest, map[string]string{"error": "n must be between 1 and " + strconv.Itoa(most)})
				return
			}
		}
		ids := make([]uuid.UUID, n)
		for i := range ids {
			ids[i] = uuid.Must(uuid.NewV7())
		}
		answer(w, http.StatusOK, map[string][]uuid.UUID{"ids": ids})
	})
	return mux
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
