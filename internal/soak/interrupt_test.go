// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package soak_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

// interruptedWithin is how long Terraform may go on after an interrupt while the server
// answers.
const interruptedWithin = 2 * time.Second

// many is how many resources an apply is to make: far more than are on their way when it is
// interrupted, also where Terraform is slow to notice.
const many = 60

// manyOf writes resources of a kind, with their numbers for "#".
func manyOf(kind, format string) string {
	var text strings.Builder
	for i := range many {
		fmt.Fprintf(&text, "resource %q \"n%d\" {\n", kind, i)
		text.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)) + "\n}\n")
	}
	return text.String()
}

// An interrupt ends an apply as soon as the server has answered what was sent. All that was
// made is in the state, and the next apply goes on from there.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		kind, config, prefix string
	}{
		"lakeFS users":            {ofUser, manyOf(ofUser, `  id = "n#"`), "user n"},
		"lakeFS keys":             {ofKey, manyOf(ofKey, `  user_id = "foreign-user"`), keyPrefix},
		"CDF groups":              {ofCDFGroup, manyOf(ofCDFGroup, "  name = \"n#\"\n  source_id = \"s\"\n  capability {\n    acl = \"assetsAcl\"\n    actions = [\"READ\"]\n    scope {\n      all = true\n    }\n  }"), "CDF group "},
		"CDF security categories": {ofCategory, manyOf(ofCategory, `  name = "n#"`), "category "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newStormy(t, 1, rand.New(rand.NewPCG(1, 0)), "") //nolint:gosec // nothing to be guessed
			server.latency = 200 * time.Millisecond
			p := newProject(t, server.environment())
			p.configure(t, "")
			p.write(t, "main.tf", test.config)
			before := server.list(t, nil)
			said := interrupted(t, server, p)
			if said.succeeded {
				t.Fatal("the apply was not interrupted")
			}
			known, made := idsInState(t, p, test.kind), 0
			for name, object := range server.list(t, nil) {
				if _, old := before[name]; old || !strings.HasPrefix(name, test.prefix) {
					continue
				}
				made++
				if !known[object.id] {
					t.Errorf("%s is not in the state:\n%s", name, join(said.diagnostics))
				}
			}
			t.Logf("%d were made, %d are in the state", made, len(known))
			if len(known) == 0 || made == many {
				t.Errorf("%d were made, %d are in the state: the test shows too little", made, len(known))
			}
			server.latency = 0
			s := &soak{project: p}
			s.converge(t, 0)
		})
	}
}

// interrupted applies, and interrupts Terraform in the middle.
func interrupted(t *testing.T, server *stormy, p *project) result {
	t.Helper()
	command := p.command(t, "apply", "-auto-approve")
	var output bytes.Buffer
	command.Stdout = &output
	at := make(chan time.Time, 1)
	server.strike = func() {
		at <- time.Now()
		_ = command.Process.Signal(os.Interrupt) // Terraform waits for the answer to this request
	}
	server.begin(weather{killAt: 25})
	must(t, command.Start())
	err := command.Wait()
	server.end()
	if took := time.Since(<-at); took > interruptedWithin {
		t.Errorf("Terraform went on for %s after the interrupt, want at most %s", took, interruptedWithin)
	} else {
		t.Logf("Terraform went on for %s", took)
	}
	return p.read(t, output.Bytes(), err)
}

// idsInState are the ids of the objects of a kind that the state holds.
func idsInState(t *testing.T, p *project, kind string) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, r := range p.state(t).Resources {
		for _, instance := range r.Instances {
			id := instance.Attributes["id"]
			if kind == ofKey {
				id = instance.Attributes["access_key_id"]
			}
			if r.Type == kind {
				ids[fmt.Sprint(id)] = true
			}
		}
	}
	return ids
}
