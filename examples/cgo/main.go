// Command bookmarks keeps addresses in SQLite and finds them by the words of their titles.
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	health := flag.Bool("health", false, "ask the running server whether it is well, and exit with 0 or 1")
	flag.Parse()
	run := serve
	if *health {
		run = probe
	}
	if err := run(setting("PORT", "8080")); err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

// serve listens until SIGTERM or SIGINT, then lets running requests finish.
func serve(port string) error {
	bookmarks, err := openStore(setting("DATABASE", "/var/lib/bookmarks/bookmarks.db"))
	if err != nil {
		return err
	}
	defer bookmarks.db.Close()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	server := &http.Server{Addr: ":" + port, Handler: newHandler(bookmarks, os.Getenv("API_TOKEN")), ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	slog.Info("listening", "port", port)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	deadline, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return server.Shutdown(deadline)
}

// probe is the health check of images that have no curl.
func probe(port string) error {
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Get("http://127.0.0.1:" + port + "/healthz")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New("unhealthy: " + response.Status)
	}
	return nil
}
