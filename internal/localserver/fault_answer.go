// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package localserver

import (
	"bytes"
	"fmt"
	"maps"
	"net"
	"net/http"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// failing is a request to which a fault happens.
type failing struct {
	w     http.ResponseWriter
	r     *http.Request
	next  http.Handler
	delay time.Duration
}

// refuse answers in the form of the API that the request is for.
func (f *failing) refuse(status int, message string) {
	f.w.Header().Set("Content-Type", "application/json")
	f.w.WriteHeader(status)
	if cdf.Claims(f.r.URL.Path) {
		_, _ = fmt.Fprintf(f.w, `{"error":{"code":%d,"message":%q}}`, status, message)
		return
	}
	_, _ = fmt.Fprintf(f.w, `{"message":%q}`, message)
}

// handle has the request answered, without sending the answer.
func (f *failing) handle() *heldAnswer {
	answer := &heldAnswer{header: http.Header{}, status: http.StatusOK}
	f.next.ServeHTTP(answer, f.r)
	answer.header.Del("Content-Length") // the body may change
	return answer
}

// send sends an answer.
func (f *failing) send(answer *heldAnswer) {
	maps.Copy(f.w.Header(), answer.header)
	f.w.WriteHeader(answer.status)
	if answer.body.Len() > 0 {
		_, _ = f.w.Write(answer.body.Bytes())
	}
}

// begin sends the first half of an answer, and returns the other.
func (f *failing) begin(answer *heldAnswer) []byte {
	body := answer.body.Bytes()
	half := len(body) / 2
	maps.Copy(f.w.Header(), answer.header)
	f.w.WriteHeader(answer.status)
	_, _ = f.w.Write(body[:half])
	// A writer that cannot do so sends all at the end, which is as late.
	_ = http.NewResponseController(f.w).Flush()
	return body[half:]
}

// wait holds the answer back, and answers false when nobody waits for it any more.
func (f *failing) wait() bool {
	timer := time.NewTimer(f.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-f.r.Context().Done():
		return false
	}
}

// cut resets the connection. Where it belongs to other requests too, or there is none,
// only the answer is broken off.
func (f *failing) cut() {
	connection, _, err := http.NewResponseController(f.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // closing it then resets it
	}
	_ = connection.Close()
}

// heldAnswer is an answer that is not sent yet.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the answer's header.
func (a *heldAnswer) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *heldAnswer) WriteHeader(status int) { a.status = status }

// Write keeps a part of the body.
func (a *heldAnswer) Write(part []byte) (int, error) { return a.body.Write(part) }

// hasBody tells whether an answer of this status may have a body.
func (a *heldAnswer) hasBody() bool {
	return a.status != http.StatusNoContent && a.status != http.StatusNotModified
}
