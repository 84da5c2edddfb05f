// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package soak_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// beside is the User-Agent of the test's own requests, which meet no fault.
const beside = "beside"

// faultRate is the share of requests that fail in a storm.
const faultRate = 0.2

// weather is what happens in one storm.
type weather struct {
	faults bool
	// everywhere has faults happen from the first request on, which often ends the plan;
	// otherwise they and the kill begin with the first write.
	everywhere bool
	// killAt is the number of the request at which the provider is killed, 0 for never,
	// and handled whether that request is answered before.
	killAt  uint64
	handled bool
}

func (w weather) String() string {
	return fmt.Sprintf("a storm of %+v", struct {
		Faults, Everywhere bool
		KillAt             uint64
		Handled            bool
	}{w.faults, w.everywhere, w.killAt, w.handled})
}

func forecast(dice *rand.Rand, objects uint64) weather {
	w := weather{faults: dice.IntN(6) > 0, everywhere: dice.IntN(5) == 0, handled: dice.IntN(2) == 0}
	if !w.faults || dice.IntN(5) < 3 {
		w.killAt = 1 + dice.Uint64N(2*objects)
	}
	return w
}

// stormy is a server that fails and kills while told to.
type stormy struct {
	*localserver.Server

	url     string
	lakefs  *lakefsapi.Client
	cdf     *cdfapi.Client
	pidFile string
	kills   atomic.Int64
	// strike happens at the request that is due; it kills the provider unless told otherwise.
	strike func()
	// latency is how long the answers to the provider are held back.
	latency time.Duration

	mu      sync.Mutex
	weather weather
	raging  bool
	seen    uint64
	killed  bool
}

// newStormy starts a server with objects of others.
func newStormy(t *testing.T, seed uint64, dice *rand.Rand, pidFile string) *stormy {
	t.Helper()
	s := &stormy{pidFile: pidFile}
	s.strike = s.kill
	kinds := localserver.FaultNames()
	if dice.IntN(4) > 0 {
		kinds = slices.DeleteFunc(kinds, func(name string) bool { return name == "huge" })
	}
	options := localserver.Options{
		Seed: strings.NewReader(foreign), Middleware: s.wrap,
		Fault: localserver.FaultOptions{Kinds: kinds, Rate: faultRate, Seed: seed, Delay: 1200 * time.Millisecond, Only: s.fails},
	}
	if dice.IntN(3) == 0 {
		options.GroupIDs = "generated"
	}
	var err error
	s.Server, err = localserver.New(options)
	must(t, err)
	listener := httptest.NewServer(s.Server)
	t.Cleanup(listener.Close)
	s.url = listener.URL
	own := httpapi.Options{UserAgent: beside}
	s.lakefs, err = lakefsapi.New(lakefsapi.Config{
		Endpoint: s.url, AccessKeyID: s.AccessKeyID(), SecretAccessKey: s.SecretAccessKey(), HTTP: own,
	})
	must(t, err)
	s.cdf, err = cdfapi.New(cdfapi.Config{
		BaseURL: s.url, Project: s.Project(), ClientID: s.ClientID(), ClientSecret: s.ClientSecret(), TokenURL: s.url + "/oauth2/token", HTTP: own,
	})
	must(t, err)
	return s
}

// environment is the variables by which the provider finds the server.
func (s *stormy) environment() []string {
	return []string{
		lakefsapi.EnvEndpoint + "=" + s.url, lakefsapi.EnvAccessKeyID + "=" + s.AccessKeyID(), lakefsapi.EnvSecretAccessKey + "=" + s.SecretAccessKey(),
		cdfapi.EnvBaseURL + "=" + s.url, cdfapi.EnvOrganizationURL + "=" + s.url, cdfapi.EnvProject + "=" + s.Project(),
		cdfapi.EnvTokenURL + "=" + s.url + "/oauth2/token", cdfapi.EnvClientID + "=" + s.ClientID(), cdfapi.EnvClientSecret + "=" + s.ClientSecret(),
	}
}

func (s *stormy) begin(w weather) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.weather, s.raging, s.seen, s.killed = w, w.everywhere, 0, false
}

// end ends a storm and tells whether the provider was killed in it.
func (s *stormy) end() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.weather, s.raging = weather{}, false
	return s.killed
}

// fails tells whether a request that the dice have chosen may fail.
func (s *stormy) fails(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raging && s.weather.faults && r.UserAgent() != beside
}

// wrap strikes at the request that is due.
func (s *stormy) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		due, handled := s.due(r)
		if due && !handled {
			s.strike()
		}
		next.ServeHTTP(w, r)
		if due && handled {
			s.strike()
		}
		if s.latency > 0 && r.UserAgent() != beside {
			_ = httpapi.Sleep(r.Context(), s.latency) // or until nobody waits any more
		}
	})
}

// due counts a request and tells whether the provider is to be killed at it.
func (s *stormy) due(r *http.Request) (due, handled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.UserAgent() == beside {
		return false, false
	}
	writes := r.Method != http.MethodGet && !strings.HasPrefix(r.URL.Path, "/oauth2")
	s.raging = s.raging || writes && s.weather != weather{}
	if s.raging {
		s.seen++
	}
	return s.raging && s.seen == s.weather.killAt, s.weather.handled
}

// kill ends the provider that has started last: the others have ended, since Terraform
// plans with one and then applies with another.
func (s *stormy) kill() {
	text, err := os.ReadFile(s.pidFile)
	if err != nil {
		return
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		return
	}
	process, err := os.FindProcess(pid)
	if err != nil || process.Kill() != nil {
		return
	}
	s.kills.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.killed = true
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
