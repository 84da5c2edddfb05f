// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package soak_test

import (
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

// envPIDFile names the file in which the provider writes its process id, for the one
// who kills it.
const envPIDFile = "IAM_SOAK_PID_FILE"

// TestMain serves the provider when Terraform starts this binary, and runs the tests
// otherwise.
func TestMain(m *testing.M) {
	if os.Getenv("TF_PLUGIN_MAGIC_COOKIE") == "" {
		os.Exit(m.Run())
	}
	if err := writePID(os.Getenv(envPIDFile)); err != nil {
		log.Fatal(err)
	}
	if err := provider.Serve("registry.terraform.io/dataiam/iam", provider.New("test"), false); err != nil {
		log.Fatal(err)
	}
}

// writePID writes the file at once, so that nobody reads half a number.
func writePID(name string) error {
	if name == "" {
		return nil
	}
	pid := strconv.Itoa(os.Getpid())
	if err := os.WriteFile(name+"."+pid, []byte(pid), 0o600); err != nil { //nolint:gosec // the test names the file
		return err
	}
	return os.Rename(name+"."+pid, name) //nolint:gosec // the test names the file
}

// scale is how much is done. The small one is for every run of the tests.
type scale struct {
	seed, rounds, objects uint64
}

// number reads an environment variable, or answers what stands in for it.
func number(t *testing.T, name string, standIn uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return standIn
	}
	value, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		t.Fatalf("%s is %q, want a number", name, text)
	}
	return value
}

// soak is one run: a server, a configuration that changes, and what was seen.
type soak struct {
	scale

	dice    *rand.Rand
	server  *stormy
	project *project
	author  *author
	initial world
	// left are objects that are nobody's and allowed to be there: keys that were made in
	// the instant of a kill, and what a warning has named.
	left map[string]bool
}

// Whatever goes wrong on the way, what is configured is there in the end, once, and
// nothing else is that was not there before or is named in a warning.
func TestAccSoak(t *testing.T) {
	t.Parallel()
	s := &soak{left: map[string]bool{}, scale: scale{
		seed: number(t, "IAM_SOAK_SEED", 4), rounds: number(t, "IAM_SOAK_ROUNDS", 3), objects: number(t, "IAM_SOAK_OBJECTS", 50),
	}}
	t.Logf("seed %d, %d rounds, %d objects", s.seed, s.rounds, s.objects)
	s.dice = rand.New(rand.NewPCG(s.seed, 0)) //nolint:gosec // nothing to be guessed
	s.author = newAuthor(s.dice)
	pidFile := filepath.Join(t.TempDir(), "pid")
	s.server = newStormy(t, s.seed, s.dice, pidFile)
	s.project = newProject(t, append(s.server.environment(), envPIDFile+"="+pidFile))
	s.initial = s.server.list(t, nil)
	for round := range s.rounds {
		s.author.change(s.objects)
		s.round(t, round)
	}
	s.author.clear()
	s.round(t, s.rounds)
	t.Logf("seed %d: %d commands, %d kills, faults %v, %d imports, %d objects left with a word",
		s.seed, s.project.commands, s.server.kills.Load(), s.server.Faults(), s.project.imports, len(s.left))
}

// round brings the server to the configuration: first while it storms, then without.
func (s *soak) round(t *testing.T, round uint64) {
	t.Helper()
	s.project.write(t, "main.tf", s.author.hcl())
	s.project.configure(t, "max_retries = 2\n  request_timeout = \"1s\"")
	for range 1 + s.dice.IntN(2) {
		s.storm(t, round)
	}
	s.project.configure(t, "")
	s.converge(t, round)
	s.check(t, round)
	s.author.settle()
}

// storm applies while the server fails and, as a rule, the provider is killed.
func (s *soak) storm(t *testing.T, round uint64) {
	t.Helper()
	before := s.server.list(t, s.author.users)
	weather := forecast(s.dice, s.objects)
	s.server.begin(weather)
	said := s.project.run(t, "apply", "-auto-approve")
	killed := s.server.end()
	for _, d := range said.diagnostics {
		if d.isFailureOfPlugin() && !killed || d.isDefect() {
			t.Errorf("seed %d, round %d: in %s: %s", s.seed, round, weather, d)
		}
	}
	if !killed {
		return
	}
	inState := s.project.keys(t)
	for key := range s.server.list(t, s.author.users) {
		if _, old := before[key]; !old && isKey(key) && !inState[key] {
			s.left[key] = true
		}
	}
}

// converge reaches an empty plan, in at most two applies.
func (s *soak) converge(t *testing.T, round uint64) {
	t.Helper()
	var history []diagnostic
	for try := range 2 {
		said := s.project.run(t, "apply", "-auto-approve")
		history = append(history, said.diagnostics...)
		for _, d := range said.diagnostics {
			if d.isFailureOfPlugin() || d.isDefect() {
				t.Errorf("seed %d, round %d: without faults: %s", s.seed, round, d)
			}
		}
		if imports := importsIn(said.diagnostics); !said.succeeded && try == 0 && len(imports) > 0 {
			s.project.importNext(t, imports)
			continue
		}
		if !said.succeeded {
			break
		}
		plan := s.project.run(t, "plan", "-detailed-exitcode")
		if plan.succeeded {
			s.project.write(t, "imports.tf", "")
			return
		}
		history = append(history, plan.diagnostics...)
		history = append(history, plan.changes...)
	}
	t.Fatalf("seed %d, round %d: no empty plan after two applies without faults:\n%s", s.seed, round, join(history))
}

// check compares what is there with what is configured, and with what was there.
func (s *soak) check(t *testing.T, round uint64) {
	t.Helper()
	now := s.server.list(t, s.author.users)
	fail := func(format string, arguments ...any) {
		t.Helper()
		t.Errorf("seed %d, round %d: %s", s.seed, round, fmt.Sprintf(format, arguments...))
	}
	for key, was := range s.initial {
		if now[key].raw != was.raw {
			fail("a foreign object was touched: %s was %s and is %q", key, was.raw, now[key].raw)
		}
	}
	wanted := s.author.wants()
	for _, key := range now.sorted() {
		object := now[key]
		_, foreign := s.initial[key]
		switch {
		case foreign, s.left[key]:
		case isKey(key):
			if !s.project.keys(t)[key] && !s.project.named(object.id) && !s.project.doubted(key) {
				fail("%s is in no state and named in no warning", key)
			}
		case wanted[object.content] > 0:
			wanted[object.content]--
		case s.project.named(object.id) && object.remove != nil:
			// A warning has asked for it.
			if err := object.remove(t.Context()); err != nil {
				fail("removing %s: %v", key, err)
			}
			s.left[key] = true
		default:
			fail("%s is not configured: %s", key, object.content)
		}
	}
	for content, count := range wanted {
		if count > 0 {
			fail("%d times missing: %s", count, content)
		}
	}
}
