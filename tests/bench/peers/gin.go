// SPDX-License-Identifier: GPL-3.0-or-later

// Gin's static files as a peer for the benchmarks: gin FOLDER serves it below /s/pub/ on a free port of loopback.
// Release mode, no logger, no recovery: what is left is Gin's own way to a file.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
)

func main() {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.Static("/s/pub", os.Args[1])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("gin: listening on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, router))
}
