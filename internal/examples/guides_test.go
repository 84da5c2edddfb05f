// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package examples_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// guides is where the generated guides are.
const guides = "../../docs/guides"

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// guidePages are the texts of the guides by their names.
func guidePages(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(guides, "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("looking for the guides: %v, found %d", err, len(files))
	}
	pages := map[string]string{}
	for _, file := range files {
		pages[strings.TrimSuffix(filepath.Base(file), ".md")] = readFile(t, file)
	}
	return pages
}

var configurationBlock = regexp.MustCompile("(?s)```(?:terraform|hcl|tf)\n(.*?)\n```")

// What a guide shows as configuration is (a part of) an example, all of which are applied by
// tests.
func TestGuidesShowExamples(t *testing.T) {
	t.Parallel()
	var examples strings.Builder
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && (filepath.Ext(path) == ".tf" || filepath.Ext(path) == ".hcl") {
			examples.WriteString("\n" + readFile(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for name, page := range guidePages(t) {
		for _, block := range configurationBlock.FindAllStringSubmatch(page, -1) {
			shown++
			if !strings.Contains(examples.String(), "\n"+block[1]+"\n") {
				t.Errorf("the guide %s shows what is in no example:\n%s", name, block[1])
			}
		}
	}
	if shown < 10 {
		t.Errorf("the guides show %d blocks of configuration, want 10 or more", shown)
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// The README and the page of the provider lead to every guide. The links of the guides lead
// somewhere.
func TestGuidesAreLinked(t *testing.T) {
	t.Parallel()
	readme, index := readFile(t, "../../README.md"), readFile(t, "../../docs/index.md")
	for name, page := range guidePages(t) {
		if !strings.Contains(readme, "(docs/guides/"+name+".md)") {
			t.Errorf("the README does not link the guide %s", name)
		}
		if !strings.Contains(index, "(guides/"+name+")") {
			t.Errorf("the page of the provider does not link the guide %s", name)
		}
		for _, found := range link.FindAllStringSubmatch(page, -1) {
			target := filepath.Join(guides, filepath.FromSlash(found[1]))
			if filepath.Ext(target) == "" {
				target += ".md"
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("the guide %s links %s, which is not there", name, found[1])
			}
		}
	}
}

// as replaces variables of an environment.
func as(exported []string, variables map[string]string) []string {
	kept := []string{}
	for _, variable := range exported {
		name, _, _ := strings.Cut(variable, "=")
		if _, replaced := variables[name]; !replaced {
			kept = append(kept, variable)
		}
	}
	for name, value := range variables {
		kept = append(kept, name+"="+value)
	}
	return kept
}

// enforcing has the provider stop where it finds that a right is missing or lost.
var enforcing = map[string]string{"IAM_PREFLIGHT": "enforce", "IAM_LOCKOUT_GUARD": "enforce"}

// The policies of the guide on least privilege suffice: with that of the caller who applies, the
// quickstart is applied and changed, and the examples of all resources of lakeFS are applied and
// destroyed, with preflight enforced; with that of the caller who plans, each of them is planned
// and nothing can be written.
func TestCallersOfLakeFS(t *testing.T) {
	t.Parallel()
	_, exported := serverAndExports(t, localserver.Options{ExternalPrincipals: true})
	bootstrap := open(t, filepath.Join(root, "guides", "least-privilege-lakefs"), exported)
	bootstrap.terraform(t, "apply", "-auto-approve")
	var keys map[string]struct{ ID, Secret string }
	if err := json.Unmarshal([]byte(bootstrap.terraform(t, "output", "-json", "keys")), &keys); err != nil {
		t.Fatal(err)
	}
	caller := func(name string) []string {
		return as(as(exported, enforcing), map[string]string{
			"LAKECTL_CREDENTIALS_ACCESS_KEY_ID": keys[name].ID, "LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY": keys[name].Secret,
		})
	}
	wantCallers(t, "lakefs", caller("apply"), caller("plan"))
}

// The same of the groups of CDF.
func TestCallersOfCDF(t *testing.T) {
	t.Parallel()
	local, exported := serverAndExports(t, localserver.Options{})
	open(t, filepath.Join(root, "guides", "least-privilege-cdf"), exported).terraform(t, "apply", "-auto-approve")
	caller := func(name, source string) []string {
		client := cdf.Client{ID: "terraform-" + name, Secret: "secret-of-" + name, SourceIDs: []string{source}}
		if err := local.AddCDFClient(client); err != nil {
			t.Fatal(err)
		}
		return as(as(exported, enforcing), map[string]string{"IDP_CLIENT_ID": client.ID, "IDP_CLIENT_SECRET": client.Secret})
	}
	wantCallers(t, "cdf", caller("apply", "b7c9a5a4-99c2-4785-bed3-5e6ad9a78603"), caller("plan", "5d1b0c52-5f6e-4f43-9a0a-5cf5ce1d0f52"))
}

// wantCallers applies the examples of a platform as the caller who applies, and plans them as the
// one who plans. Of data sources, the latter has to be able to read them.
func wantCallers(t *testing.T, platform string, applies, plans []string) {
	t.Helper()
	wantChanges(t, applies, plans)
	tried := map[string]int{}
	for _, example := range directories(t) {
		kind := filepath.Base(filepath.Dir(example))
		isOfPlatform := strings.HasPrefix(filepath.Base(example), "iam_"+platform+"_") || filepath.Base(example) == "getting-started-"+platform
		switch {
		case !isOfPlatform:
			continue
		case servers[name(example)].RBAC != "":
			continue // such a server has no policies that a caller could have
		case kind == "data-sources":
			// Some assert rights of a caller who applies. And a caller has no user profile at first.
			if strings.Contains(example, "missing") || strings.HasSuffix(example, "user_profile") {
				continue
			}
			open(t, example, as(plans, map[string]string{"IAM_PREFLIGHT": "off"})).terraform(t, "plan")
		case slices.Contains([]string{"resources", "ephemeral-resources", "guides"}, kind):
			wantApplied(t, example, applies, plans)
		}
		tried[kind]++
	}
	if tried["data-sources"] < 7 || tried["resources"] < 3 || tried["guides"] != 1 {
		t.Errorf("too few examples were tried: %v", tried)
	}
}

// wantChanges changes what the quickstart makes as the caller who applies. The one who plans cannot
// destroy it.
func wantChanges(t *testing.T, applies, plans []string) {
	t.Helper()
	w := open(t, filepath.Join(root, "quickstart"), applies)
	w.terraform(t, "apply", "-auto-approve")
	said := w.terraform(t, "apply", "-auto-approve", "-var", "analysts_may_commit=true", "-var", "readers_read_logs=true")
	if !strings.Contains(said, "Resources: 0 added, 2 changed, 0 destroyed.") {
		t.Errorf("the quickstart is not changed:\n%s", said)
	}
	other := workspace{dir: w.dir, environment: append(environment(), as(plans, map[string]string{"IAM_PREFLIGHT": "off"})...)}
	other.run(t, 1, command, "destroy", "-auto-approve")
	w.terraform(t, "destroy", "-auto-approve")
}

// wantApplied applies and destroys an example as the caller who applies, and plans it in between
// as the one who plans.
func wantApplied(t *testing.T, example string, applies, plans []string) {
	t.Helper()
	w := open(t, example, applies)
	w.terraform(t, "apply", "-auto-approve")
	if !strings.Contains(example, "ephemeral-resources") { // which are opened in a plan, too
		said := workspace{dir: w.dir, environment: append(environment(), plans...)}.terraform(t, "plan")
		if strings.Contains(said, "Plan: ") || strings.Count(said, "Warning: ") != 1 { // that of development overrides
			t.Errorf("%s: the caller who only plans is warned, or something changes:\n%s", name(example), said)
		}
	}
	w.terraform(t, "destroy", "-auto-approve")
}

// Groups that the Cognite Toolkit has made are taken over as its files have them: nothing is
// changed, and from then on nothing is left to plan.
func TestToolkitGroupsAreTakenOver(t *testing.T) {
	t.Parallel()
	local, exported := serverAndExports(t, localserver.Options{})
	for _, group := range []string{
		`{"name":"gp_readers","sourceId":"b7c9a5a4-99c2-4785-bed3-5e6ad9a78603","capabilities":[
			{"timeSeriesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[2735919466402]}}}},
			{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]}`,
		`{"name":"gp_extractors","sourceId":"3f8a1f0e-2c57-4b0d-9a53-0a6f6a4be0c1","metadata":{"origin":"toolkit"},"capabilities":[
			{"timeSeriesAcl":{"actions":["WRITE","READ"],"scope":{"datasetScope":{"ids":[2735919466402]}}}},
			{"rawAcl":{"actions":["READ","WRITE","LIST"],"scope":{"tableScope":{"dbsToTables":{"wells":{"tables":[]}}}}}}]}`,
	} {
		if _, err := local.AddCDFGroup(json.RawMessage(group)); err != nil {
			t.Fatal(err)
		}
	}
	w := open(t, filepath.Join(root, "guides", "cognite-toolkit"), exported)
	if plan := w.plan(t, planChanges); !strings.Contains(plan, "Plan: 2 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Errorf("the groups are not just taken over:\n%s", plan)
	}
	w.terraform(t, "apply", "-auto-approve")
	w.plan(t, planEmpty)
}
