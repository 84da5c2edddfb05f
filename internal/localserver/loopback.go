// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package localserver

import (
	"errors"
	"net"
	"net/http"
	"strings"
)

// errNotLoopback says why an address is refused.
var errNotLoopback = errors.New("the local server has no transport security and prints its keys, so it listens on a loopback address only")

// isLoopback tells whether only this machine reaches an address.
func isLoopback(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// onlyThisMachine refuses requests that name another host. A web page can have its own
// name point to 127.0.0.1 and its visitors' browsers then ask this server as if it were
// the page's, with all that a browser may do on its own site.
func onlyThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = strings.Trim(r.Host, "[]") // without a port
		}
		if host != "localhost" && !net.ParseIP(host).IsLoopback() {
			http.Error(w, "this server answers requests for 127.0.0.1 and localhost only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
