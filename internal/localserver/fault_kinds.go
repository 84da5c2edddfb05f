// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package localserver

import (
	"net/http"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// FaultKind is one way in which a request can fail.
type FaultKind struct {
	// Name is what it is called in FaultOptions.Kinds.
	Name string
	// Description says what the client gets to see.
	Description string
	// Commits tells whether the request is handled all the same: a write that fails so
	// has happened.
	Commits bool

	// applies tells to which requests it can happen; nil means to all.
	applies func(*http.Request) bool
	happen  func(*failing)
}

// faultKinds are all kinds, in the order in which they are listed.
var faultKinds = []FaultKind{
	{Name: "500", Description: "500 instead of handling the request", happen: refused(http.StatusInternalServerError)},
	{Name: "502", Description: "502 instead of handling the request", happen: refused(http.StatusBadGateway)},
	{Name: "503", Description: "503 instead of handling the request", happen: refused(http.StatusServiceUnavailable)},
	{Name: "504", Description: "504 instead of handling the request", happen: refused(http.StatusGatewayTimeout)},
	{Name: "429", Description: "429 without Retry-After", happen: refused(http.StatusTooManyRequests)},
	{Name: "429-retry-after", Description: "429 with Retry-After: 1", happen: throttled},
	{Name: "html", Description: "503 as a proxy's HTML page instead of handling the request", happen: proxyPage(http.StatusServiceUnavailable, false)},
	{Name: "reset", Description: "the connection is reset before the request is handled", happen: (*failing).cut},
	{Name: "lost", Description: "the request is handled and the connection reset before the answer", Commits: true, happen: lost},
	{Name: "lost-504", Description: "the request is handled and a proxy answers 504 with an HTML page", Commits: true, happen: proxyPage(http.StatusGatewayTimeout, true)},
	{Name: "truncated", Description: "the second half of the answer's JSON is left out", Commits: true, happen: truncated},
	{Name: "cut-body", Description: "the connection is reset in the middle of the answer", Commits: true, happen: cutInBody},
	{Name: "content-type", Description: "the answer says that it is text/html", Commits: true, happen: mistyped},
	{Name: "slow-headers", Description: "the request is handled and the answer held back", Commits: true, happen: slowHeaders},
	{Name: "slow-body", Description: "the second half of the answer is held back", Commits: true, happen: slowBody},
	{Name: "huge", Description: "the answer is followed by 64 MiB of spaces", Commits: true, happen: huge},
	{Name: "expired-token", Description: "401 from CDF, as to a token that has expired", applies: isCDF, happen: expired},
	{Name: "false-404", Description: "404 from lakeFS to an update of a policy, as among several at a time", applies: updatesPolicy, happen: falseNotFound},
}

// FaultKinds lists the kinds of faults.
func FaultKinds() []FaultKind { return slices.Clone(faultKinds) }

// FaultNames lists the names of the kinds of faults.
func FaultNames() []string {
	names := make([]string, 0, len(faultKinds))
	for _, kind := range faultKinds {
		names = append(names, kind.Name)
	}
	return names
}

func refused(status int) func(*failing) {
	return func(f *failing) { f.refuse(status, "a fault made on purpose") }
}

func throttled(f *failing) {
	f.w.Header().Set("Retry-After", "1")
	f.refuse(http.StatusTooManyRequests, "a fault made on purpose")
}

func proxyPage(status int, commits bool) func(*failing) {
	return func(f *failing) {
		if commits {
			f.handle()
		}
		f.w.Header().Set("Content-Type", "text/html")
		f.w.WriteHeader(status)
		_, _ = f.w.Write([]byte("<html><body>" + http.StatusText(status) + "</body></html>\n"))
	}
}

func lost(f *failing) {
	f.handle()
	f.cut()
}

// truncated leaves an answer without a body as it is.
func truncated(f *failing) {
	answer := f.handle()
	answer.body.Truncate(answer.body.Len() / 2)
	f.send(answer)
}

func cutInBody(f *failing) {
	answer := f.handle()
	f.begin(answer)
	f.cut()
}

func mistyped(f *failing) {
	answer := f.handle()
	answer.header.Set("Content-Type", "text/html")
	f.send(answer)
}

func slowHeaders(f *failing) {
	answer := f.handle()
	if f.wait() {
		f.send(answer)
	}
}

// slowBody holds nothing back of an answer without a body: the client has all of it.
func slowBody(f *failing) {
	answer := f.handle()
	if rest := f.begin(answer); len(rest) > 0 && f.wait() {
		_, _ = f.w.Write(rest)
	}
}

// padding is how much a huge answer is too long.
const padding = 64 << 20

// huge sends JSON all the same: spaces may follow it. What the client does not read is
// not sent.
func huge(f *failing) {
	answer := f.handle()
	if !answer.hasBody() {
		f.send(answer)
		return
	}
	answer.header.Set("Content-Type", "application/json")
	f.send(answer)
	spaces := []byte(strings.Repeat(" ", 1<<16))
	for sent := 0; sent < padding; sent += len(spaces) {
		if _, err := f.w.Write(spaces); err != nil {
			return
		}
	}
}

func isCDF(r *http.Request) bool {
	return cdf.Claims(r.URL.Path) && !strings.HasPrefix(r.URL.Path, "/oauth2")
}

func expired(f *failing) { f.refuse(http.StatusUnauthorized, "Unauthorized: the token has expired") }

func updatesPolicy(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, "/api/v1/auth/policies/")
}

func falseNotFound(f *failing) { f.refuse(http.StatusNotFound, "not found") }
