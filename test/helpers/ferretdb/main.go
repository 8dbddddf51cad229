// A server that speaks MongoDB's protocol and keeps its data, for tests: FerretDB embedded, with its SQLite backend.
// Prints its connection string as the only line on stdout, logs to stderr, and ends on SIGTERM or SIGINT, or, where
// asked to, when its stdin closes, so that a killed test leaves nothing behind.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "TCP address to listen on; port 0 takes any free one")
	folder := flag.String("folder", ".", "existing folder for the database files")
	withStdin := flag.Bool("exit-with-stdin", false, "end when stdin closes")
	flag.Parse()

	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: *listen},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Handler:   "sqlite",
		SQLiteURL: "file:" + *folder + "/",
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if *withStdin {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}
	go func() { fmt.Println(server.MongoDBURI()) }() // answers once Run has bound the address
	_ = server.Run(ctx)
}
