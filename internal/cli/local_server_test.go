// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cli"
)

// startLocalServer runs the subcommand and returns the variables it printed and
// a function that stops it and returns its exit code and its log.
func startLocalServer(t *testing.T, args ...string) (map[string]string, func() (int, string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	var log bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- cli.LocalServer(ctx, args, writer, &log)
		_ = writer.Close()
	}()
	variables := map[string]string{}
	lines := bufio.NewScanner(reader)
	for lines.Scan() && lines.Text() != "ready" {
		text, isExport := strings.CutPrefix(lines.Text(), "export ")
		name, value, found := strings.Cut(text, "=")
		if !isExport || !found || !strings.HasPrefix(value, "'") || !strings.HasSuffix(value, "'") {
			t.Fatalf("unexpected line %q", lines.Text())
		}
		variables[name] = strings.Trim(value, "'")
	}
	if lines.Text() != "ready" {
		t.Fatalf("it never got ready: %v", lines.Err())
	}
	return variables, func() (int, string) {
		cancel()
		return <-code, log.String()
	}
}

func TestLocalServerServesUntilStopped(t *testing.T) {
	t.Parallel()
	seed := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(seed, []byte(`{"users":[{"id":"seeded"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	variables, stop := startLocalServer(t, "--seed", seed, "--page-size", "5", "--auth-cache", "20s", "--latency", "1ms")
	endpoint := variables["LAKECTL_SERVER_ENDPOINT_URL"]
	if !strings.HasPrefix(endpoint, "http://127.0.0.1:") {
		t.Errorf("endpoint is %q", endpoint)
	}
	secret := variables["LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY"]
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, endpoint+"/api/v1/auth/users/seeded?x="+secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(variables["LAKECTL_CREDENTIALS_ACCESS_KEY_ID"], secret)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
	code, log := stop()
	if diff := cmp.Diff([]int{http.StatusOK, 0}, []int{response.StatusCode, code}); diff != "" {
		t.Errorf("status and exit code (-want +got):\n%s", diff)
	}
	if !strings.Contains(log, "path=/api/v1/auth/users/seeded status=200") {
		t.Errorf("the request is not in the log: %s", log)
	}
	if strings.Contains(log, secret) {
		t.Error("the log holds the secret")
	}
	if _, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(endpoint, "http://")); err == nil {
		t.Error("the port is still open")
	}
}

// What it prints for CDF is enough to get a token and to call the API with it.
func TestLocalServerServesCDF(t *testing.T) {
	t.Parallel()
	seed := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(seed, []byte(`{"cdf":{"groups":[{"name":"seeded"}]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	variables, stop := startLocalServer(t, "--seed", seed, "--project", "acme", "--capability-delay", "5s")
	base := variables["LAKECTL_SERVER_ENDPOINT_URL"]
	got := []string{variables["CDF_URL"], variables["CDF_ORGANIZATION_URL"], variables["CDF_PROJECT"], variables["IDP_TOKEN_URL"]}
	if diff := cmp.Diff([]string{base, base, "acme", base + "/oauth2/token"}, got); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	granted := answer[struct {
		Token string `json:"access_token"`
	}](t, http.MethodPost, variables["IDP_TOKEN_URL"], "", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {variables["IDP_CLIENT_ID"]}, "client_secret": {variables["IDP_CLIENT_SECRET"]},
	})
	listed := answer[struct{ Items []struct{ Name string } }](t, http.MethodGet, variables["CDF_URL"]+"/api/v1/projects/acme/groups?all=true", granted.Token, nil)
	if diff := cmp.Diff([]struct{ Name string }{{"administrators"}, {"seeded"}}, listed.Items); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if code, log := stop(); code != 0 || strings.Contains(log, variables["IDP_CLIENT_SECRET"]) {
		t.Errorf("exit code %d, log: %s", code, log)
	}
}

// What a lakeFS has off unless configured is served when asked for.
func TestLocalServerServesExternalPrincipals(t *testing.T) {
	t.Parallel()
	for want, args := range map[int][]string{http.StatusNotImplemented: nil, http.StatusNotFound: {"--external-principals"}} {
		variables, stop := startLocalServer(t, args...)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, variables["LAKECTL_SERVER_ENDPOINT_URL"]+"/api/v1/auth/external/principals?principalId=x", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth(variables["LAKECTL_CREDENTIALS_ACCESS_KEY_ID"], variables["LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY"])
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil || response.StatusCode != want {
			t.Errorf("with %v: status %d, want %d; error %v", args, response.StatusCode, want, err)
		}
		if code, log := stop(); code != 0 {
			t.Errorf("exit code %d, log: %s", code, log)
		}
	}
}

// The same seed makes the same faults, which the log names.
func TestLocalServerMakesFaults(t *testing.T) {
	t.Parallel()
	fates := map[string][]int{}
	for _, seed := range []string{"7", "7", "8"} {
		variables, stop := startLocalServer(t, "--fault", "500", "--fault", "429,html", "--fault-rate", "0.5", "--fault-seed", seed)
		var statuses []int
		for range 20 {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, variables["LAKECTL_SERVER_ENDPOINT_URL"]+"/api/v1/user", nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			statuses = append(statuses, response.StatusCode)
		}
		if _, log := stop(); !strings.Contains(log, "msg=fault kind=") {
			t.Errorf("the log names no fault: %s", log)
		}
		if before, again := fates[seed]; again {
			if diff := cmp.Diff(before, statuses); diff != "" {
				t.Errorf("seed %s, the second time (-first +second):\n%s", seed, diff)
			}
		}
		fates[seed] = statuses
	}
	if cmp.Equal(fates["7"], fates["8"]) {
		t.Errorf("two seeds make the same faults: %v", fates["7"])
	}
}

// answer sends a request and decodes the answer.
func answer[T any](t *testing.T, method, target, token string, form url.Values) T {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var value T
	if err := json.NewDecoder(response.Body).Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestLocalServerRefusesWrongUsage(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte(`{"user":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		args []string
		says string
	}{
		"unknown flag":    {[]string{"--nope"}, "flag provided but not defined: -nope"},
		"bad number":      {[]string{"--port", "x"}, `invalid value "x" for flag -port`},
		"port":            {[]string{"--port", "65536"}, "port is 65536: use 0 to 65535"},
		"argument":        {[]string{"seed.json"}, `takes flags only, not "seed.json"`},
		"dialect":         {[]string{"--dialect", "2"}, `no lakeFS with dialect "2"`},
		"rbac of 0.97":    {[]string{"--dialect", "0.97", "--rbac", "none"}, "0.97 with RBAC internal"},
		"rbac":            {[]string{"--rbac", "x"}, `RBAC is "x": use one of internal, external, simplified, none`},
		"principals":      {[]string{"--rbac", "simplified", "--external-principals"}, "has no external principals"},
		"group ids":       {[]string{"--group-ids", "x"}, `group ids are "x": use name or generated`},
		"page size":       {[]string{"--page-size", "1001"}, "page size is 1001: use 0 to 1000"},
		"latency":         {[]string{"--latency", "-1s"}, "latency is -1s: use 0 or more"},
		"project":         {[]string{"--project", "a/b"}, `project is "a/b": use letters, digits, - and _`},
		"delay":           {[]string{"--capability-delay", "-1s"}, "capability delay is -1s: use 0 or more"},
		"auth cache":      {[]string{"--auth-cache", "-1s"}, "auth cache lifetime is -1s: use 0 or more"},
		"fault":           {[]string{"--fault", "lost,x"}, `no fault "x": use 500, 502, 503, `},
		"fault rate":      {[]string{"--fault-rate", "1.5"}, "fault rate is 1.5: use 0 to 1"},
		"fault seed":      {[]string{"--fault-seed", "-1"}, `invalid value "-1" for flag -fault-seed`},
		"no seed file":    {[]string{"--seed", broken + "x"}, "no such file or directory"},
		"misspelt member": {[]string{"--seed", broken}, `seed: json: unknown field "user"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			if code := cli.LocalServer(t.Context(), c.args, &stdout, &stderr); code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			if !strings.Contains(stderr.String(), c.says) || stdout.Len() > 0 {
				t.Errorf("stderr %q does not say %q, or there is output: %q", stderr.String(), c.says, stdout.String())
			}
		})
	}
}

func TestLocalServerHelpShowsAnExampleOfEveryFlag(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if code := cli.LocalServer(t.Context(), []string{"-h"}, &stdout, &stderr); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	help := stdout.String()
	for _, name := range []string{"port", "dialect", "rbac", "group-ids", "seed", "page-size", "latency", "auth-cache", "fault", "fault-rate", "fault-seed", "project", "capability-delay"} {
		if !strings.Contains(help, "  --"+name+" ") || !strings.Contains(help, "Example: --"+name+" ") {
			t.Errorf("help lacks --%s or its example:\n%s", name, help)
		}
	}
	if stderr.Len() > 0 {
		t.Errorf("stderr: %s", stderr.String())
	}
}

func TestLocalServerFailsWhenItCannotServe(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	_, port, err := net.SplitHostPort(taken.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	if code := cli.LocalServer(t.Context(), []string{"--port", port}, io.Discard, &stderr); code != 1 {
		t.Errorf("taken port: exit code %d, want 1", code)
	}
	reader, writer := io.Pipe()
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if code := cli.LocalServer(t.Context(), nil, writer, &stderr); code != 1 {
		t.Errorf("closed output: exit code %d, want 1", code)
	}
	if diff := cmp.Diff(2, strings.Count(stderr.String(), "terraform-provider-iam: ")); diff != "" {
		t.Errorf("errors (-want +got):\n%s\n%s", diff, stderr.String())
	}
}
