// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// update makes the plans of testdata anew, with Terraform and the provider of this tree:
//
//	go test ./internal/accessdiff/planjson -update
var (
	update = flag.Bool("update", false, "make the plans in testdata anew with terraform")
	only   = flag.String("only", "*", "the scenarios whose plans -update makes, as a pattern")
)

// scenarios are the directories of testdata. Each has a configuration before/ that is applied,
// and another one, after/, that is planned. Beside them may lie
//   - failing/, a configuration that is applied in between while every delete fails,
//   - meanwhile, a request that somebody else makes before the plan,
//   - arguments, those of terraform plan, one on a line.
//
// The plan goes to plan.json; then it is applied, and what a second plan finds goes to next.json.
func scenarios(t *testing.T) []string {
	t.Helper()
	directories, err := filepath.Glob("testdata/*/after")
	if err != nil || len(directories) == 0 {
		t.Fatal("no testdata", err)
	}
	names := make([]string, len(directories))
	for i, directory := range directories {
		names[i] = filepath.Base(filepath.Dir(directory))
	}
	return names
}

// TestMain makes the plans before any test reads them.
func TestMain(m *testing.M) {
	flag.Parse()
	if *update {
		if err := updateAll(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func updateAll() error {
	directory, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(directory) }()
	build := exec.CommandContext(context.Background(), "go", "build", "-o", filepath.Join(directory, "terraform-provider-iam"), "../../..")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building the provider: %w", err)
	}
	plans, err := filepath.Glob("testdata/" + *only + "/after")
	if err != nil {
		return err
	}
	for _, plan := range plans {
		if err := newWorkshop(directory, filepath.Dir(plan)).make(); err != nil {
			return fmt.Errorf("%s: %w", filepath.Dir(plan), err)
		}
	}
	return nil
}

// workshop is where the plan of one scenario is made.
type workshop struct {
	provider, scenario string
	server             *localserver.Server
	failing            atomic.Bool
}

func newWorkshop(provider, scenario string) *workshop {
	return &workshop{provider: provider, scenario: scenario}
}

func (w *workshop) make() error {
	var err error
	w.server, err = localserver.New(localserver.Options{
		Now: func() time.Time { return time.Unix(1_700_000_000, 0) }, AccessKeyID: "AKIAADMIN", SecretAccessKey: "secret",
		Middleware: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if w.failing.Load() && r.Method == http.MethodDelete {
					http.Error(rw, `{"message":"not today"}`, http.StatusBadRequest)
					return
				}
				next.ServeHTTP(rw, r)
			})
		},
	})
	if err != nil {
		return err
	}
	listening := httptest.NewServer(w.server)
	defer listening.Close()
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	terraform := func(arguments ...string) ([]byte, error) { return w.terraform(dir, listening.URL, arguments...) }
	apply := func(part string) error {
		if err := w.configure(dir, part); err != nil {
			return err
		}
		if _, err := terraform("get"); err != nil {
			return err
		}
		_, err := terraform("apply", "-auto-approve", "-no-color")
		return err
	}
	if err := apply("before"); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(w.scenario, "failing")); err == nil {
		w.failing.Store(true)
		if err := apply("failing"); err == nil {
			return fmt.Errorf("applying failing/ did not fail")
		}
		w.failing.Store(false)
	}
	w.meanwhile()
	if err := w.configure(dir, "after"); err != nil {
		return err
	}
	if _, err := terraform("get"); err != nil {
		return err
	}
	arguments, _ := os.ReadFile(filepath.Join(w.scenario, "arguments"))
	if _, err := terraform(append([]string{"plan", "-out=plan.tfplan", "-no-color"}, strings.Fields(string(arguments))...)...); err != nil {
		return err
	}
	if err := w.keep("plan.json", terraform); err != nil {
		return err
	}
	if _, err := terraform("apply", "-no-color", "plan.tfplan"); err != nil {
		return err
	}
	if _, err := terraform("plan", "-out=plan.tfplan", "-no-color"); err != nil {
		return err
	}
	return w.keep("next.json", terraform)
}

// configure replaces the configuration of a directory by a part of the scenario.
func (w *workshop) configure(dir, part string) error {
	for _, pattern := range []string{"*.tf", "*.yaml", "inner"} {
		old, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return err
		}
		for _, name := range old {
			if err := os.RemoveAll(name); err != nil {
				return err
			}
		}
	}
	return os.CopyFS(dir, os.DirFS(filepath.Join(w.scenario, part)))
}

// meanwhile makes the request that somebody else makes.
func (w *workshop) meanwhile() {
	text, err := os.ReadFile(filepath.Join(w.scenario, "meanwhile"))
	if err != nil {
		return // nobody does
	}
	method, target, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	request := httptest.NewRequestWithContext(context.Background(), method, "/api/v1"+target, nil)
	request.SetBasicAuth(w.server.AccessKeyID(), w.server.SecretAccessKey())
	w.server.ServeHTTP(httptest.NewRecorder(), request)
}

func (w *workshop) terraform(dir, url string, arguments ...string) ([]byte, error) {
	rc := filepath.Join(dir, "terraform.rc")
	text := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n    \"dataiam/iam\" = %q\n  }\n  direct {}\n}\n", w.provider)
	if err := os.WriteFile(rc, []byte(text), 0o600); err != nil {
		return nil, err
	}
	name := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if name == "" {
		name = "terraform"
	}
	command := exec.CommandContext(context.Background(), name, arguments...) //nolint:gosec // the developer names the command
	command.Dir = dir
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TF_CLI_CONFIG_FILE=" + rc, "CHECKPOINT_DISABLE=1",
		"LAKECTL_SERVER_ENDPOINT_URL=" + url, "LAKECTL_CREDENTIALS_ACCESS_KEY_ID=" + w.server.AccessKeyID(), "LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY=" + w.server.SecretAccessKey(),
		"CDF_URL=" + url, "CDF_PROJECT=" + w.server.Project(), "IDP_TOKEN_URL=" + url + "/oauth2/token", "IDP_CLIENT_ID=" + w.server.ClientID(), "IDP_CLIENT_SECRET=" + w.server.ClientSecret(),
	}
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("terraform %s: %w\n%s", strings.Join(arguments, " "), err, stderr.String())
	}
	return stdout.Bytes(), nil
}

// What differs from run to run, and what is secret, is replaced by something fixed.
var (
	secretKey = regexp.MustCompile(`"secret_access_key":"[^"]+"`)
	moment    = regexp.MustCompile(`"timestamp":"[^"]+"`)
	accessKey = regexp.MustCompile(`"AKIA[A-Z0-9]{12,}"`)
)

// keep writes the JSON of the plan beside the scenario.
func (w *workshop) keep(name string, terraform func(...string) ([]byte, error)) error {
	text, err := terraform("show", "-json", "plan.tfplan")
	if err != nil {
		return err
	}
	text = secretKey.ReplaceAll(text, []byte(`"secret_access_key":"not kept"`))
	text = moment.ReplaceAll(text, []byte(`"timestamp":"2026-11-24T00:00:00Z"`))
	seen := map[string]string{}
	text = accessKey.ReplaceAllFunc(text, func(id []byte) []byte {
		if seen[string(id)] == "" {
			seen[string(id)] = fmt.Sprintf(`"AKIAKEY%d"`, len(seen))
		}
		return []byte(seen[string(id)])
	})
	return os.WriteFile(filepath.Join(w.scenario, name), text, 0o600)
}
