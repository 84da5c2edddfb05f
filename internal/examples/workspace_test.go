// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package examples_test

import (
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// Exit codes of `terraform plan -detailed-exitcode`.
const (
	planEmpty   = 0
	planChanges = 2
)

// servers are those that some examples need, by their names.
var servers = map[string]localserver.Options{
	"resources/iam_lakefs_group_acl":               {RBAC: "simplified"},
	"resources/iam_lakefs_external_principal":      {ExternalPrincipals: true},
	"list-resources/iam_lakefs_group_acl":          {RBAC: "simplified"},
	"list-resources/iam_lakefs_external_principal": {ExternalPrincipals: true},
}

// server starts a local server for the test of an example and returns the environment
// that a shell has after the exports that the local-server command prints.
func server(t *testing.T, example string) []string {
	t.Helper()
	_, exported := serverAndExports(t, servers[name(example)])
	return exported
}

// serverAndExports also returns the server itself.
func serverAndExports(t *testing.T, options localserver.Options) (*localserver.Server, []string) {
	t.Helper()
	local, err := localserver.New(options)
	if err != nil {
		t.Fatalf("making the local server: %v", err)
	}
	listening := httptest.NewServer(local)
	t.Cleanup(listening.Close)
	return local, []string{
		"LAKECTL_SERVER_ENDPOINT_URL=" + listening.URL,
		"LAKECTL_CREDENTIALS_ACCESS_KEY_ID=" + local.AccessKeyID(),
		"LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY=" + local.SecretAccessKey(),
		"CDF_URL=" + listening.URL,
		"CDF_PROJECT=" + local.Project(),
		"IDP_TOKEN_URL=" + listening.URL + "/oauth2/token",
		"IDP_CLIENT_ID=" + local.ClientID(),
		"IDP_CLIENT_SECRET=" + local.ClientSecret(),
		"CDF_ORGANIZATION_URL=" + listening.URL,
	}
}

// environment is the process's own without what would change how Terraform or the
// provider behave.
func environment() []string {
	var kept []string
next:
	for _, variable := range os.Environ() {
		for _, prefix := range []string{"TF_", "LAKECTL_", "CDF_", "IDP_", "IAM_"} {
			if strings.HasPrefix(variable, prefix) {
				continue next
			}
		}
		kept = append(kept, variable)
	}
	return append(kept, "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_ARGS=-no-color", "CHECKPOINT_DISABLE=1")
}

// workspace is a copy of an example's directory to run commands in.
type workspace struct {
	dir         string
	environment []string
}

// open copies the directory of an example.
func open(t *testing.T, example string, server []string) workspace {
	t.Helper()
	w := workspace{dir: t.TempDir(), environment: append(environment(), server...)}
	if err := os.CopyFS(w.dir, os.DirFS(example)); err != nil {
		t.Fatalf("copying the example: %v", err)
	}
	return w
}

func (w workspace) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil { //nolint:gosec // The names are the test's own.
		t.Fatalf("writing a file of the example: %v", err)
	}
}

// replaceAll replaces a text in a file: an id of the example by the one that the
// server chose.
func (w workspace) replaceAll(t *testing.T, name, old, replacement string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		t.Fatalf("reading the example: %v", err)
	}
	w.write(t, name, strings.ReplaceAll(string(text), old, replacement))
}

// run runs a command that must end with the exit code and returns its output.
func (w workspace) run(t *testing.T, code int, name string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir, command.Env = w.dir, w.environment
	output, err := command.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatalf("running %s: %v", name, err)
	}
	if got := command.ProcessState.ExitCode(); got != code {
		t.Fatalf("%s %s ended with %d instead of %d:\n%s", name, strings.Join(arguments, " "), got, code, output)
	}
	return string(output)
}

// terraform runs Terraform, which must succeed, and returns its output.
func (w workspace) terraform(t *testing.T, arguments ...string) string {
	t.Helper()
	return w.run(t, 0, command, arguments...)
}

// plan plans, which must end with the exit code, and returns the output.
func (w workspace) plan(t *testing.T, code int) string {
	t.Helper()
	return w.run(t, code, command, "plan", "-detailed-exitcode")
}

// test runs the example's own tests, as far as it has any, all of which must pass.
func (w workspace) test(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, "*.tftest.hcl"))
	if err != nil {
		t.Fatalf("looking for the example's tests: %v", err)
	}
	if len(files) > 0 {
		w.terraform(t, "test")
	}
}
