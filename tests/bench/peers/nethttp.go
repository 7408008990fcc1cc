// SPDX-License-Identifier: GPL-3.0-or-later

// Go's net/http file server as a peer for the benchmarks: nethttp FOLDER serves it below /s/pub/ on a free port of loopback.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("nethttp: listening on http://%s\n", listener.Addr())
	files := http.StripPrefix("/s/pub/", http.FileServer(http.Dir(os.Args[1])))
	http.Handle("/s/pub/", files)
	log.Fatal(http.Serve(listener, nil))
}
