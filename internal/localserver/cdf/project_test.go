// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// began is the time at which the clock of every test starts, in milliseconds.
const began = 1_700_000_000_000

// clock is the time of one server, moved by its test.
type clock struct{ offset atomic.Int64 }

func (c *clock) now() time.Time          { return time.UnixMilli(began).Add(time.Duration(c.offset.Load())) }
func (c *clock) advance(d time.Duration) { c.offset.Add(int64(d)) }

// project is a server with what a test has learned about it.
type project struct {
	*cdf.Server
	clock *clock
	// ids and cursors are those answered so far, in order of their appearance.
	ids, cursors []string
}

func newProject(tb testing.TB, options cdf.Options) *project {
	tb.Helper()
	p := &project{clock: &clock{}}
	options.Now = p.clock.now
	server, err := cdf.New(options)
	if err != nil {
		tb.Fatal(err)
	}
	p.Server = server
	return p
}

// caller makes a client whose group has exactly these capabilities, a JSON list,
// and returns its id.
func (p *project) caller(tb testing.TB, name, capabilities string) string {
	tb.Helper()
	if err := p.AddClient(cdf.Client{ID: name, Secret: "secret-of-" + name, SourceIDs: []string{"source-" + name}}); err != nil {
		tb.Fatal(err)
	}
	if _, err := p.AddGroup(fmt.Appendf(nil, `{"name":%q,"sourceId":"source-%s","capabilities":%s}`, name, name, capabilities)); err != nil {
		tb.Fatal(err)
	}
	return name
}

// request makes a request below the path of the project, or of any path that
// begins with a slash twice.
func (p *project) request(tb testing.TB, send, body string) *http.Request {
	tb.Helper()
	method, path, _ := strings.Cut(send, " ")
	if rooted, isRooted := strings.CutPrefix(path, "//"); isRooted {
		path = "/" + rooted
	} else {
		path = "/api/v1/projects/" + p.Project() + path
	}
	return httptest.NewRequestWithContext(tb.Context(), method, path, strings.NewReader(body))
}

// do sends a request with a token of the caller; "nobody" has none.
func (p *project) do(tb testing.TB, caller string, r *http.Request) *httptest.ResponseRecorder {
	tb.Helper()
	if caller == "" {
		caller = p.ClientID()
	}
	if caller != "nobody" {
		token, err := p.Token(caller)
		if err != nil {
			tb.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	recorder := httptest.NewRecorder()
	p.ServeHTTP(recorder, r)
	return recorder
}

// exchange is a request and what is to be answered. Of ids that the server chose,
// requests and answers have "#1", "#2" … in the order in which they appeared; of
// cursors "@1", "@2" …; of nonces "*".
type exchange struct {
	// as is the id of the caller; empty means the administrator.
	as string
	// send is the method and the path below that of the project.
	send, body string
	// status is 200 unless it is set.
	status int
	// want is the JSON of the answer; empty means that it does not matter.
	want string
}

var (
	chosenID     = regexp.MustCompile(`\b4\d{15}\b`)
	chosenCursor = regexp.MustCompile(`("nextCursor":(?:\{"cursor":)?)"([^"]+)"`)
	chosenNonce  = regexp.MustCompile(`"nonce":"[^"]+"`)
	mentioned    = regexp.MustCompile(`"?[#@]\d+"?`)
)

// converse has a number of exchanges, one after the other.
func (p *project) converse(tb testing.TB, exchanges ...exchange) {
	tb.Helper()
	for _, e := range exchanges {
		recorder := p.do(tb, e.as, p.request(tb, p.fill(tb, e.send), p.fill(tb, e.body)))
		got := p.learn(recorder.Body.String())
		if e.status == 0 {
			e.status = http.StatusOK
		}
		if recorder.Code != e.status {
			tb.Errorf("%s %s: status %d, want %d: %s", e.send, e.body, recorder.Code, e.status, got)
			continue
		}
		if e.want == "" {
			continue
		}
		if diff := cmp.Diff(decode(tb, e.want), decode(tb, got)); diff != "" {
			tb.Errorf("%s %s (-want +got):\n%s", e.send, e.body, diff)
		}
	}
}

// fill puts what the server chose into a request.
func (p *project) fill(tb testing.TB, text string) string {
	return mentioned.ReplaceAllStringFunc(text, func(mention string) string {
		var number int
		name := strings.Trim(mention, `"`)
		if _, err := fmt.Sscanf(name[1:], "%d", &number); err != nil {
			tb.Fatal(err)
		}
		if name[0] == '@' {
			return p.cursors[number-1]
		}
		return p.ids[number-1]
	})
}

// learn replaces what the server chose by how tests call it.
func (p *project) learn(text string) string {
	text = chosenID.ReplaceAllStringFunc(text, func(id string) string {
		return fmt.Sprintf("\"#%d\"", position(&p.ids, id))
	})
	text = chosenCursor.ReplaceAllStringFunc(text, func(member string) string {
		parts := chosenCursor.FindStringSubmatch(member)
		return fmt.Sprintf("%s\"@%d\"", parts[1], position(&p.cursors, parts[2]))
	})
	return chosenNonce.ReplaceAllString(text, `"nonce":"*"`)
}

// position returns the position of a value in a list, counted from 1, and adds
// what is not in it.
func position(list *[]string, value string) int {
	at := slices.Index(*list, value)
	if at < 0 {
		at = len(*list)
		*list = append(*list, value)
	}
	return at + 1
}

func decode(tb testing.TB, text string) any {
	tb.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		tb.Fatalf("no JSON: %v: %s", err, text)
	}
	return value
}

// errorOf is the body of an error that has nothing but a code and a message.
func errorOf(code int, message string) string {
	return fmt.Sprintf(`{"error":{"code":%d,"message":%q}}`, code, message)
}
