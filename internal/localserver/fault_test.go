// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package localserver_test

import (
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// seen is what a client sees of a request, and whether it was handled.
type seen struct {
	Status                   int
	Cut, JSON, HTML, Handled bool
	RetryAfter               string
}

// createUserUnder sends a create over a connection to a server with one kind of fault.
func createUserUnder(t *testing.T, kind string) seen {
	t.Helper()
	creates := func(r *http.Request) bool { return r.Method == http.MethodPost }
	server := newServer(t, localserver.Options{Fault: localserver.FaultOptions{
		Kinds: []string{kind}, Rate: 1, Delay: time.Nanosecond, Only: creates,
	}})
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, listener.URL+"/api/v1/auth/users", strings.NewReader(`{"id":"u"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth(server.AccessKeyID(), server.SecretAccessKey())
	var got seen
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		got.Cut = true
	} else {
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		got.Status, got.Cut, got.JSON = response.StatusCode, err != nil, json.Valid(body)
		got.HTML = response.Header.Get("Content-Type") == "text/html"
		got.RetryAfter = response.Header.Get("Retry-After")
	}
	got.Handled = ask(t, server, http.MethodGet, "/auth/users/u", "").Code == http.StatusOK
	if diff := cmp.Diff(map[string]int64{kind: 1}, server.Faults()); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	return got
}

func TestFaultKinds(t *testing.T) {
	t.Parallel()
	wants := map[string]seen{
		"500":             {Status: 500, JSON: true},
		"502":             {Status: 502, JSON: true},
		"503":             {Status: 503, JSON: true},
		"504":             {Status: 504, JSON: true},
		"429":             {Status: 429, JSON: true},
		"429-retry-after": {Status: 429, JSON: true, RetryAfter: "1"},
		"html":            {Status: 503, HTML: true},
		"reset":           {Cut: true},
		"lost":            {Cut: true, Handled: true},
		"lost-504":        {Status: 504, HTML: true, Handled: true},
		"truncated":       {Status: 201, Handled: true},
		"cut-body":        {Status: 201, Cut: true, Handled: true},
		"content-type":    {Status: 201, JSON: true, HTML: true, Handled: true},
		"slow-headers":    {Status: 201, JSON: true, Handled: true},
		"slow-body":       {Status: 201, JSON: true, Handled: true},
		"huge":            {Status: 201, JSON: true, Handled: true},
	}
	for _, kind := range localserver.FaultKinds() {
		want, generic := wants[kind.Name]
		if !generic {
			continue // see TestFaultsOfOneOperation
		}
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, createUserUnder(t, kind.Name)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if kind.Commits != want.Handled || kind.Description == "" {
				t.Errorf("the kind says of itself: commits %t, %q", kind.Commits, kind.Description)
			}
		})
	}
}

// Two kinds happen to some operations only; elsewhere there is no fault then.
func TestFaultsOfOneOperation(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{Fault: localserver.FaultOptions{Kinds: []string{"expired-token", "false-404"}, Rate: 1}})
	const policy = `{"id":"AuthFullAccess","statement":[{"effect":"allow","action":["auth:*"],"resource":"*"}]}`
	listed := askCDF(t, server, server.ClientID(), http.MethodGet, "/api/v1/projects/local/groups", "")
	got := []int{
		ask(t, server, http.MethodPut, "/auth/policies/AuthFullAccess", policy).Code,
		ask(t, server, http.MethodGet, "/auth/policies/AuthFullAccess", "").Code,
		listed.Code,
	}
	if diff := cmp.Diff([]int{404, 200, 401}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if !strings.Contains(listed.Body.String(), `{"error":{"code":401,`) {
		t.Errorf("the form of the refusal is not that of CDF: %s", listed.Body)
	}
}

// The fate of a request does not depend on requests of other names before it.
func TestFaultsBySeed(t *testing.T) {
	t.Parallel()
	fates := func(seed uint64, others int) (statuses []int) {
		server := newServer(t, localserver.Options{Fault: localserver.FaultOptions{Kinds: []string{"500", "503"}, Rate: 0.5, Seed: seed}})
		for range 40 {
			for range others {
				ask(t, server, http.MethodGet, "/auth/groups", "")
			}
			statuses = append(statuses, ask(t, server, http.MethodGet, "/user", "").Code)
		}
		return statuses
	}
	first := fates(1, 0)
	if diff := cmp.Diff(first, fates(1, 2)); diff != "" {
		t.Errorf("beside other requests (-alone +beside):\n%s", diff)
	}
	if cmp.Equal(first, fates(2, 0)) {
		t.Error("two seeds make the same faults")
	}
	failed := slices.DeleteFunc(first, func(status int) bool { return status == http.StatusOK })
	if len(failed) < 10 || len(failed) > 30 {
		t.Errorf("%d of 40 requests fail at a rate of a half", len(failed))
	}
}

func TestFaultOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for says, options := range map[string]localserver.FaultOptions{
		`no fault "x": use 500, `:      {Kinds: []string{localserver.AllFaults, "x"}},
		"fault rate is -0.1":           {Rate: -0.1},
		"fault rate is NaN":            {Rate: math.NaN()},
		"fault delay is -1ns: use 0 o": {Delay: -1},
	} {
		if _, err := localserver.New(localserver.Options{Fault: options}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got error %v, want %q", err, says)
		}
	}
}

// Slow kinds hold nothing up when the client has gone.
func TestSlowFaultsEndWithTheClient(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"slow-headers", "slow-body"} {
		server := newServer(t, localserver.Options{Fault: localserver.FaultOptions{Kinds: []string{kind}, Rate: 1, Delay: time.Hour}})
		listener := httptest.NewServer(server)
		client := &http.Client{Timeout: 20 * time.Millisecond}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, listener.URL+"/api/v1/auth/capabilities", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err == nil {
			_, err = io.ReadAll(response.Body)
			_ = response.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: the answer came", kind)
		}
		listener.Close() // waits for the request to end
	}
}
