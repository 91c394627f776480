package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"
)

func get(t *testing.T, token, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	newHandler(token).ServeHTTP(recorder, request)
	return recorder
}

func TestStatus(t *testing.T) {
	for _, test := range []struct {
		name, token, path string
		headers           []string
		want              int
	}{
		{"health", "", "/healthz", nil, 200},
		{"health needs no token", "secret", "/healthz", nil, 200},
		{"no token asked", "", "/ids", nil, 200},
		{"token missing", "secret", "/ids", nil, 401},
		{"token sent", "secret", "/ids", []string{"Authorization", "Bearer secret"}, 200},
		{"none", "", "/ids?n=0", nil, 400},
		{"too many", "", "/ids?n=1001", nil, 400},
		{"no number", "", "/ids?n=x", nil, 400},
		{"unknown", "", "/nothing", nil, 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := get(t, test.token, test.path, test.headers...).Code; got != test.want {
				t.Errorf("status %d, want %d", got, test.want)
			}
		})
	}
}

func TestIdsAreInOrder(t *testing.T) {
	var body struct{ IDs []uuid.UUID }
	if err := json.Unmarshal(get(t, "", "/ids?n=50").Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	if len(body.IDs) != 50 {
		t.Fatalf("%d ids, want 50", len(body.IDs))
	}
	for i := 1; i < len(body.IDs); i++ {
		if body.IDs[i-1].String() >= body.IDs[i].String() {
			t.Errorf("%s is not before %s", body.IDs[i-1], body.IDs[i])
		}
	}
}
