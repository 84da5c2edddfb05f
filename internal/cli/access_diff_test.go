// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
	"github.com/dataiam/terraform-provider-iam/internal/cli"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// update writes the reports of testdata anew:
//
//	go test ./internal/cli -run AccessDiff -update
var update = flag.Bool("update", false, "write the reports in testdata/access-diff anew")

// plans is where real plans lie.
const plans = "../accessdiff/planjson/testdata"

// ran is what a run has come to.
type ran struct {
	code           int
	stdout, stderr string
}

// accessDiff runs the subcommand with an environment.
func accessDiff(t *testing.T, stdin io.Reader, environment map[string]string, args ...string) ran {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := cli.Run(context.Background(), cli.Process{
		Args: append([]string{"access-diff"}, args...), Getenv: func(name string) string { return environment[name] },
		Stdin: stdin, Stdout: &stdout, Stderr: &stderr, Version: "1.2.3",
	})
	return ran{code, stdout.String(), stderr.String()}
}

func planOf(scenario string) string { return filepath.Join(plans, scenario, "plan.json") }

func TestAccessDiffReports(t *testing.T) {
	t.Parallel()
	scenarios, err := filepath.Glob(planOf("*"))
	if err != nil || len(scenarios) == 0 {
		t.Fatal("no plans", err)
	}
	for _, plan := range scenarios {
		for format, ending := range map[string]string{"text": ".txt", "markdown": ".md", "json": ".json"} {
			name := filepath.Base(filepath.Dir(plan)) + ending
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				got := accessDiff(t, nil, nil, "--format", format, plan)
				if got.code != 0 || got.stderr != "" {
					t.Fatalf("exit code %d: %s", got.code, got.stderr)
				}
				checkReport(t, filepath.Join("testdata", "access-diff", name), got.stdout)
			})
		}
	}
}

// checkReport compares a report with the one that is kept.
func checkReport(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(got, "\x1b") {
		t.Error("there are colours, and no terminal")
	}
	for line := range strings.Lines(got) {
		if strings.HasSuffix(file, ".txt") && utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > 100 && strings.Contains(strings.TrimSpace(line), " ") {
			t.Errorf("wider than 100 columns: %s", line)
		}
	}
}

// Each way to call it has its exit code: 0 clean, 1 an error, 2 a risk of --fail-on.
func TestAccessDiffExitCodes(t *testing.T) {
	t.Parallel()
	risky := planOf("risks")
	for name, test := range map[string]struct {
		args   []string
		code   int
		stderr string
	}{
		"clean":            {[]string{planOf("refactored")}, 0, ""},
		"risk not asked":   {[]string{risky}, 0, ""},
		"risk":             {[]string{"--fail-on", "escalation", risky}, 2, "--fail-on found escalation"},
		"one of several":   {[]string{"--fail-on=revived-access,deny-removed", risky}, 2, "found deny-removed\n"},
		"twice":            {[]string{"--fail-on", "wildcard-user", "--fail-on", "escalation", risky}, 2, "wildcard-user, escalation"},
		"possible":         {[]string{"--fail-on", "last-administrator", risky}, 2, "last-administrator"},
		"another rule":     {[]string{"--fail-on", "revived-access", risky}, 0, ""},
		"no rule":          {[]string{"--fail-on", "everything", risky}, 1, `"everything" is no rule: use gains-administration, `},
		"no format":        {[]string{"--format", "html", risky}, 1, `format is "html": use text, markdown or json`},
		"no such flag":     {[]string{"--deep", risky}, 1, "see access-diff -h"},
		"two plans":        {[]string{risky, risky}, 1, "takes one plan, not 2"},
		"no file":          {[]string{"nowhere.json"}, 1, "nowhere.json"},
		"no plan":          {[]string{"access_diff_test.go"}, 1, "access_diff_test.go: the input is not the JSON of a plan"},
		"help":             {[]string{"-h"}, 0, ""},
		"live, no servers": {[]string{"--live", risky}, 1, "--live: reading lakeFS: set LAKECTL_SERVER_ENDPOINT_URL"},
		"live, no project": {[]string{"--live", planOf("cdf")}, 1, "--live: reading CDF: set CDF_CLUSTER"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := accessDiff(t, nil, nil, test.args...)
			if got.code != test.code || test.stderr == "" != (got.stderr == "") || !strings.Contains(got.stderr, test.stderr) {
				t.Errorf("exit code %d, want %d; standard error: %s", got.code, test.code, got.stderr)
			}
		})
	}
}

// A report that cannot be written is an error, also where nothing else is wrong.
func TestAccessDiffClosedOutput(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	code := cli.AccessDiff(t.Context(), cli.Process{Getenv: func(string) string { return "" }, Stdout: closed{}, Stderr: &stderr}, []string{planOf("moves")})
	if code != 1 || !strings.Contains(stderr.String(), "writing the report") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// The plan comes from standard input as well.
func TestAccessDiffStandardInput(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"-"}} {
		file, err := os.Open(planOf("moves"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		if got := accessDiff(t, file, nil, args...); got.code != 0 || !strings.Contains(got.stdout, "gained by 2 principals") {
			t.Errorf("%v: exit code %d: %s%s", args, got.code, got.stdout, got.stderr)
		}
	}
}

// liveServer is a local server that has what a scenario has before the plan, and more.
func liveServer(t *testing.T, seed string) map[string]string {
	t.Helper()
	server, err := localserver.New(localserver.Options{Seed: strings.NewReader(seed)})
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	return map[string]string{
		"LAKECTL_SERVER_ENDPOINT_URL": listening.URL, "LAKECTL_CREDENTIALS_ACCESS_KEY_ID": server.AccessKeyID(), "LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY": server.SecretAccessKey(),
		"CDF_URL": listening.URL, "CDF_PROJECT": server.Project(), "IDP_TOKEN_URL": listening.URL + "/oauth2/token", "IDP_CLIENT_ID": server.ClientID(), "IDP_CLIENT_SECRET": server.ClientSecret(),
	}
}

type liveReport struct {
	Servers []struct {
		Complete   bool
		Principals []struct {
			Subjects []struct{ ID string }
			Gained   []struct{ Permission string }
			Lost     []struct{ Permission string }
		}
		Risks []struct {
			Rule    string
			About   []string
			Certain bool
		}
	}
}

// With --live what others manage counts: ann writes anyway, dora is in the group that loses the
// deny, a built-in policy is no riddle, and the server has another administrator.
func TestAccessDiffLive(t *testing.T) {
	t.Parallel()
	environment := liveServer(t, `{"users":[{"id":"ann"},{"id":"bob"},{"id":"dora"}],"groups":[{"id":"one"},{"id":"two"}],
		"policies":[{"id":"mine","statement":[{"effect":"allow","action":["fs:WriteObject"],"resource":"arn:lakefs:fs:::repository/*"}]}],
		"attachments":[{"policy":"mine","user":"ann"}],"memberships":[{"group":"one","user":"dora"}]}`)
	got := accessDiff(t, nil, environment, "--live", "--format", "json", planOf("moves"))
	if got.code != 0 {
		t.Fatal(got.stderr)
	}
	var report liveReport
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		t.Fatal(err)
	}
	gained, lost := map[string][]string{}, map[string][]string{}
	for _, p := range report.Servers[0].Principals {
		for _, subject := range p.Subjects {
			for _, l := range p.Gained {
				gained[subject.ID] = append(gained[subject.ID], l.Permission)
			}
			for _, l := range p.Lost {
				lost[subject.ID] = append(lost[subject.ID], l.Permission)
			}
		}
	}
	wantGained := map[string][]string{
		"ann": {"fs:ReadObject on arn:lakefs:fs:::repository/lake/object/salaries/*"},
		"bob": {"fs:ListObjects on arn:lakefs:fs:::repository/lake/*", "fs:ReadObject on arn:lakefs:fs:::repository/lake/*"},
	}
	wantLost := map[string][]string{
		"dora": {"fs:ListObjects on arn:lakefs:fs:::repository/lake/*", "fs:ReadObject on arn:lakefs:fs:::repository/lake/* except arn:lakefs:fs:::repository/lake/object/salaries/*"},
	}
	if diff := cmp.Diff(wantGained, gained); diff != "" || !report.Servers[0].Complete {
		t.Error(diff)
	}
	if diff := cmp.Diff(wantLost, lost); diff != "" {
		t.Error(diff)
	}
}

// Keys that a deleted user has left work again when a user of its id is created.
func TestAccessDiffLiveRevivedAccess(t *testing.T) {
	t.Parallel()
	environment := liveServer(t, `{"users":[{"id":"ann"}],"credentials":[{"user":"ann","access_key_id":"AKIAOLD","secret_access_key":"secret"}]}`)
	deleteUser(t, environment, "ann")
	got := accessDiff(t, nil, environment, "--live", "--fail-on", "revived-access", planOf("created"))
	if got.code != 2 || !strings.Contains(got.stdout, "revived-access: ann is created, and keys of an earlier user of this id are there (1)") {
		t.Errorf("exit code %d: %s%s", got.code, got.stdout, got.stderr)
	}
	if strings.Contains(got.stdout+got.stderr, environment["LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY"]) {
		t.Error("the secret of the caller is in the output")
	}
}

// deleteUser deletes a user of a server; its keys stay.
func deleteUser(t *testing.T, environment map[string]string, id string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, environment["LAKECTL_SERVER_ENDPOINT_URL"]+"/api/v1/auth/users/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(environment["LAKECTL_CREDENTIALS_ACCESS_KEY_ID"], environment["LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY"])
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusNoContent {
		t.Fatal(response.Status, err)
	}
}

// With --live the groups of CDF that others manage count, and who the caller is.
func TestAccessDiffLiveCDF(t *testing.T) {
	t.Parallel()
	environment := liveServer(t, `{"cdf":{"groups":[{"name":"others","sourceId":"src-readers","capabilities":[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]}]}}`)
	got := accessDiff(t, nil, environment, "--live", planOf("cdf"))
	if got.code != 0 || strings.Contains(got.stdout, "assetsAcl:READ in all except") || strings.Contains(got.stdout, "last-administrator") {
		t.Errorf("exit code %d: %s%s", got.code, got.stdout, got.stderr)
	}
	if !strings.Contains(got.stdout, "rawAcl:READ in database db except table db/t1") {
		t.Errorf("what is gained is missing: %s", got.stdout)
	}
}

// Names that others have chosen cannot rewrite a terminal, close a part of a comment or call somebody.
func TestAccessDiffForgedNames(t *testing.T) {
	t.Parallel()
	const name = "x\x1b[2J</summary>`@everyone\n"
	object := func(kind string, after map[string]any) map[string]any {
		return map[string]any{
			"address": "iam_lakefs_" + kind + ".a[\"\x1b[2J\"]", "mode": "managed", "type": "iam_lakefs_" + kind, "name": "a",
			"change": map[string]any{"actions": []string{"create"}, "after": after},
		}
	}
	statement := map[string]any{"effect": "allow", "actions": []string{"fs:*"}, "resources": []string{"arn:lakefs:fs:::repository/\x1b[2J*"}}
	plan, err := json.Marshal(map[string]any{"format_version": "1.2", "resource_changes": []any{
		object("user", map[string]any{"id": name}), object("group", map[string]any{"id": "g", "name": name}),
		object("policy", map[string]any{"id": name, "statement": []any{statement}}), object("policy", map[string]any{"id": "@everyone", "statement": []any{statement}}),
		object("group_membership", map[string]any{"user_id": name, "group_id": "g"}), object("policy_attachment", map[string]any{"policy_id": name, "group_id": "g"}),
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "markdown", "json"} {
		got := accessDiff(t, bytes.NewReader(plan), nil, "--format", format)
		if got.code != 0 || !strings.Contains(got.stdout, "everyone") {
			t.Fatalf("%s: exit code %d: %s%s", format, got.code, got.stdout, got.stderr)
		}
		if strings.Contains(got.stdout, "\x1b") {
			t.Errorf("%s: an escape sequence: %q", format, got.stdout)
		}
		if text := outsideCode(got.stdout); format == "markdown" && (strings.Count(text, "</summary>") != 1 || strings.Contains(text, "@everyone")) {
			t.Errorf("the comment is forged: %s", got.stdout)
		}
	}
}

var inlineCode = regexp.MustCompile(`<code>[^<]*</code>`)

// outsideCode leaves out what stands between fences, or is marked as code.
func outsideCode(markdown string) string {
	var text strings.Builder
	code := false
	for line := range strings.Lines(markdown) {
		if strings.HasPrefix(line, "```") {
			code = !code
		} else if !code {
			text.WriteString(line)
		}
	}
	return inlineCode.ReplaceAllString(text.String(), "")
}

// The guide explains every rule and every member of the JSON.
func TestAccessDiffGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/access-diff.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range accessdiff.Rules() {
		if !strings.Contains(string(guide), "| `"+rule.Name+"` |") {
			t.Errorf("the guide does not explain the rule %s", rule.Name)
		}
	}
	var report any
	if err := json.Unmarshal([]byte(accessDiff(t, nil, nil, "--format", "json", planOf("unknown")).stdout), &report); err != nil {
		t.Fatal(err)
	}
	for member := range membersOf(report) {
		if !strings.Contains(string(guide), member) {
			t.Errorf("the guide does not explain the member %s", member)
		}
	}
}

// membersOf gives the names of all members within a value of JSON.
func membersOf(value any) map[string]bool {
	names := map[string]bool{}
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			maps.Copy(names, membersOf(element))
		}
	case map[string]any:
		for name, member := range value {
			names[name] = true
			maps.Copy(names, membersOf(member))
		}
	}
	return names
}
