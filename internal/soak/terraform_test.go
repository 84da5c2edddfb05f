// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package soak_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// project is a directory with a configuration, in which Terraform uses this test binary
// as the provider.
type project struct {
	dir, terraform string
	env            []string
	said           []diagnostic // all that was ever said
	commands       int
	imports        int
}

func newProject(t *testing.T, environment []string) *project {
	t.Helper()
	p := &project{dir: t.TempDir(), terraform: os.Getenv("TF_ACC_TERRAFORM_PATH")}
	if p.terraform == "" {
		p.terraform = "terraform"
	}
	binary, err := os.Executable()
	must(t, err)
	must(t, os.Symlink(binary, filepath.Join(p.dir, "terraform-provider-iam")))
	p.write(t, "terraform.rc", fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n"+
		"    \"registry.terraform.io/dataiam/iam\" = %[1]q\n    \"registry.opentofu.org/dataiam/iam\" = %[1]q\n  }\n  direct {}\n}\n", p.dir))
	p.env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "TF_CLI_CONFIG_FILE=" + filepath.Join(p.dir, "terraform.rc"), "CHECKPOINT_DISABLE=1",
	}, environment...)
	return p
}

func (p *project) write(t *testing.T, name, text string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600))
}

// configure writes the provider's block.
func (p *project) configure(t *testing.T, arguments string) {
	t.Helper()
	p.write(t, "provider.tf", "terraform {\n  required_providers {\n    iam = { source = \"dataiam/iam\" }\n  }\n}\nprovider \"iam\" {\n  "+arguments+"\n}\n")
}

// diagnostic is what Terraform says, also of a change that it plans.
type diagnostic struct {
	Severity, Summary, Detail, Address string
}

func (d diagnostic) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s: %s: %s", d.Severity, d.Address, d.Summary, d.Detail))
}

// isFailureOfPlugin tells that the provider's process came to an end.
func (d diagnostic) isFailureOfPlugin() bool {
	return strings.Contains(d.Summary, "Plugin did not respond") || strings.Contains(d.Summary, "Plugin error") || strings.Contains(d.Detail, "panic:")
}

// isDefect tells that the provider broke a rule of Terraform's, which no fault excuses.
func (d diagnostic) isDefect() bool {
	return strings.HasPrefix(d.Summary, "Provider produced") || strings.HasPrefix(d.Summary, "Provider returned invalid") ||
		strings.Contains(d.Detail, "report this")
}

func join(all []diagnostic) string {
	var texts []string
	for _, d := range all {
		texts = append(texts, d.String())
	}
	return strings.Join(texts, "\n")
}

// result is what a command said. It succeeded when it ended well, and had no changes
// where it was asked for them.
type result struct {
	succeeded   bool
	diagnostics []diagnostic
	changes     []diagnostic
}

// command is one of Terraform that talks JSON.
func (p *project) command(t *testing.T, arguments ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), p.terraform, append(arguments, "-json")...)
	command.Dir, command.Env = p.dir, p.env
	return command
}

// run runs a command of Terraform.
func (p *project) run(t *testing.T, arguments ...string) result {
	t.Helper()
	output, err := p.command(t, arguments...).Output()
	return p.read(t, output, err)
}

// read reads what a command has said.
func (p *project) read(t *testing.T, output []byte, err error) result {
	t.Helper()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		t.Fatal(err)
	}
	said := result{succeeded: err == nil}
	for line := range bytes.Lines(output) {
		var event struct {
			Message    string `json:"@message"`
			Type       string
			Diagnostic diagnostic
		}
		if json.Unmarshal(line, &event) != nil {
			continue // nothing else is an event
		}
		switch event.Type {
		case "diagnostic":
			said.diagnostics = append(said.diagnostics, event.Diagnostic)
		case "planned_change", "resource_drift":
			said.changes = append(said.changes, diagnostic{Severity: event.Type, Summary: event.Message})
		}
	}
	p.commands++
	p.said = append(p.said, said.diagnostics...)
	return said
}

// importBlock is the block that an error about an object that exists shows.
var importBlock = regexp.MustCompile(`(?m)^\s*import \{\n\s*to = (\S+)\.NAME\n\s*id = ("(?:[^"\\]|\\.)*")\n\s*\}`)

// importsIn takes the import blocks out of errors, with the addresses of the resources.
func importsIn(said []diagnostic) []string {
	var blocks []string
	for _, d := range said {
		found := importBlock.FindStringSubmatch(d.Detail)
		if d.Severity == "error" && found != nil && strings.HasPrefix(d.Address, found[1]+".") {
			blocks = append(blocks, fmt.Sprintf("import {\n  to = %s\n  id = %s\n}\n", d.Address, found[2]))
		}
	}
	return blocks
}

// importNext has the next apply import what exists already.
func (p *project) importNext(t *testing.T, blocks []string) {
	t.Helper()
	p.imports += len(blocks)
	p.write(t, "imports.tf", strings.Join(blocks, ""))
}

// named tells whether something that was said names an id.
func (p *project) named(id string) bool {
	word := regexp.MustCompile(`(^|\W)` + regexp.QuoteMeta(id) + `($|\W)`)
	for _, d := range p.said {
		if word.MatchString(d.Detail) {
			return true
		}
	}
	return false
}

// doubted tells whether an error says that it is unknown whether a key of the user of this
// one was made: the server could not be asked which.
func (p *project) doubted(key string) bool {
	user, _, _ := strings.Cut(strings.TrimPrefix(key, keyPrefix), "/")
	words := fmt.Sprintf("unknown whether the credentials %q was created", user)
	return slices.ContainsFunc(p.said, func(d diagnostic) bool { return strings.Contains(d.Detail, words) })
}

// stateOf is a state, as far as it is looked at.
type stateOf struct {
	Resources []struct {
		Type      string
		Instances []struct{ Attributes map[string]any }
	}
}

func (p *project) state(t *testing.T) (state stateOf) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, "terraform.tfstate"))
	if errors.Is(err, os.ErrNotExist) {
		return state
	}
	must(t, err)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // ids have more digits than a float keeps
	must(t, decoder.Decode(&state))
	return state
}

// keys are the access keys in the state, by their names in a world.
func (p *project) keys(t *testing.T) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	for _, r := range p.state(t).Resources {
		for _, instance := range r.Instances {
			if r.Type == ofKey {
				keys[keyName(fmt.Sprint(instance.Attributes["user_id"]), fmt.Sprint(instance.Attributes["access_key_id"]))] = true
			}
		}
	}
	return keys
}
