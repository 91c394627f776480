// Command ids serves time-ordered identifiers over HTTP.
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
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	run := serve
	if *health {
		run = probe
	}
	if err := run(port); err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
}

// serve listens until SIGTERM or SIGINT, then lets running requests finish.
func serve(port string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	server := &http.Server{Addr: ":" + port, Handler: newHandler(os.Getenv("API_TOKEN")), ReadHeaderTimeout: 5 * time.Second}
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

// probe is the health check of images that have no shell and no curl.
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
