// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package examples_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

// chosen are the ids in the examples of imports that stand for those which a server
// chooses, with the outputs of the resources' examples that tell the real ones.
var chosen = map[string]string{
	"AKIAJEXAMPLEEXAMPLEQ": "etl_access_key_id",
	"4715822362013":        "operators_id",
	"3910284756123":        "personal_data_id",
	"acme":                 "project",
}

// directories lists the directories below examples/ that hold a configuration,
// without those of imports, of queries and of actions, which not every Terraform can read,
// and those that other tests apply.
func directories(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (path == filepath.Join(root, "actions") || path == filepath.Join(root, "list-resources")) {
			return fs.SkipDir
		}
		if dir := filepath.Dir(path); err == nil && filepath.Ext(path) == ".tf" && filepath.Base(dir) != "import" && !takesOver(dir) && !slices.Contains(found, dir) {
			found = append(found, dir)
		}
		return err
	})
	if err != nil || len(found) == 0 {
		t.Fatalf("looking for the examples: %v, found %d", err, len(found))
	}
	return found
}

// takesOver tells whether an example takes over what something else has made, so that it needs
// more than a new server: what the provider Face-to-Face-IT/lakefs has, which stands in for itself
// in a test of internal/provider, and what the Cognite Toolkit has.
func takesOver(example string) bool {
	return strings.Contains(example, "face-to-face-it") || strings.Contains(example, "cognite-toolkit")
}

// name is what an example is called in the output of the tests.
func name(example string) string {
	return filepath.ToSlash(strings.TrimPrefix(example, filepath.Clean(root)+string(filepath.Separator)))
}

// TestExamples applies every example, expects an empty plan after it and, after
// destroying it, nothing in the state.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, example := range directories(t) {
		t.Run(name(example), func(t *testing.T) {
			t.Parallel()
			w := open(t, example, server(t, example))
			w.terraform(t, "apply", "-auto-approve")
			w.plan(t, planEmpty)
			w.test(t)
			w.terraform(t, "destroy", "-auto-approve")
			if left := w.terraform(t, "state", "list"); left != "" {
				t.Errorf("left in the state after destroy:\n%s", left)
			}
		})
	}
}

// TestImportExamples applies the example of each resource and then imports its
// objects into another workspace, by the blocks and by the commands.
func TestImportExamples(t *testing.T) {
	t.Parallel()
	imports, err := filepath.Glob(filepath.Join(root, "resources", "*", "import"))
	if err != nil || len(imports) == 0 {
		t.Fatalf("looking for the examples of imports: %v, found %d", err, len(imports))
	}
	for _, example := range imports {
		t.Run(name(filepath.Dir(example)), func(t *testing.T) {
			t.Parallel()
			local := server(t, filepath.Dir(example))
			made := open(t, filepath.Dir(example), local)
			made.terraform(t, "apply", "-auto-approve")

			byBlock := open(t, example, local)
			byCommand := open(t, example, local)
			script, err := os.ReadFile(filepath.Join(filepath.Dir(example), "import.sh"))
			if err != nil {
				t.Fatalf("reading the commands: %v", err)
			}
			// The commands of the documentation must run whatever Terraform is called here.
			byCommand.write(t, "import.sh", fmt.Sprintf("set -eu\nterraform() { '%s' \"$@\"; }\n%s", command, script))
			for placeholder, output := range chosen {
				if !strings.Contains(string(script), placeholder) {
					continue
				}
				id := strings.TrimSpace(made.terraform(t, "output", "-raw", output))
				byBlock.replaceAll(t, "import.tf", placeholder, id)
				byCommand.replaceAll(t, "import.sh", placeholder, id)
				byCommand.replaceAll(t, "import.tf", placeholder, id)
			}

			wanted := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", strings.Count(string(script), "terraform import "))
			if plan := byBlock.plan(t, planChanges); !strings.Contains(plan, wanted) {
				t.Errorf("the plan of the import blocks does not say %q:\n%s", wanted, plan)
			}
			byBlock.terraform(t, "apply", "-auto-approve")
			byBlock.plan(t, planEmpty)

			byCommand.run(t, 0, "sh", "import.sh")
			byCommand.plan(t, planEmpty)
		})
	}
}

// TestQueryExamples runs the queries of the examples, where Terraform can.
func TestQueryExamples(t *testing.T) {
	t.Parallel()
	queries, err := filepath.Glob(filepath.Join(root, "list-resources", "*"))
	if err != nil || len(queries) == 0 {
		t.Fatalf("looking for the examples of queries: %v, found %d", err, len(queries))
	}
	for _, example := range queries {
		t.Run(name(example), func(t *testing.T) {
			t.Parallel()
			w := open(t, example, server(t, example))
			if !w.hasActions(t) {
				// Then the files are ignored.
				w.plan(t, planEmpty)
				return
			}
			if found := w.terraform(t, "query"); !strings.Contains(found, "list."+filepath.Base(example)+".") && filepath.Base(example) != "iam_cdf_security_category" && filepath.Base(example) != "iam_lakefs_group" {
				t.Errorf("the query finds nothing:\n%s", found)
			}
		})
	}
}

// TestEveryTypeHasAnExample keeps the examples complete: the documentation is made
// from them.
func TestEveryTypeHasAnExample(t *testing.T) {
	t.Parallel()
	var missing []string
	for _, file := range exampleFiles(t) {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(file))); err != nil {
			missing = append(missing, file)
		}
	}
	if diff := cmp.Diff([]string(nil), missing); diff != "" {
		t.Errorf("examples that are missing (-want +got):\n%s", diff)
	}
}

// exampleFiles names the files that the documentation of whatever the provider
// offers is made from.
func exampleFiles(t *testing.T) (wanted []string) {
	t.Helper()
	made := provider.New("test")()
	for _, newResource := range made.Resources(t.Context()) {
		var named resource.MetadataResponse
		newResource().Metadata(t.Context(), resource.MetadataRequest{}, &named)
		for _, file := range []string{"resource.tf", "import.sh", "import/import.tf"} {
			wanted = append(wanted, "resources/"+named.TypeName+"/"+file)
		}
	}
	for _, newDataSource := range made.DataSources(t.Context()) {
		var named datasource.MetadataResponse
		newDataSource().Metadata(t.Context(), datasource.MetadataRequest{}, &named)
		wanted = append(wanted, "data-sources/"+named.TypeName+"/data-source.tf")
	}
	extended, ok := made.(extendedProvider)
	if !ok {
		t.Fatal("the provider offers no actions, no ephemeral resources, no functions or no lists")
	}
	for _, newEphemeral := range extended.EphemeralResources(t.Context()) {
		var named ephemeral.MetadataResponse
		newEphemeral().Metadata(t.Context(), ephemeral.MetadataRequest{}, &named)
		wanted = append(wanted, "ephemeral-resources/"+named.TypeName+"/ephemeral-resource.tf")
	}
	for _, newList := range extended.ListResources(t.Context()) {
		var named resource.MetadataResponse
		newList().Metadata(t.Context(), resource.MetadataRequest{}, &named)
		wanted = append(wanted, "list-resources/"+named.TypeName+"/list-resource.tfquery.hcl")
	}
	for _, newAction := range extended.Actions(t.Context()) {
		var named action.MetadataResponse
		newAction().Metadata(t.Context(), action.MetadataRequest{}, &named)
		wanted = append(wanted, "actions/"+named.TypeName+"/action.tf")
	}
	for _, newFunction := range extended.Functions(t.Context()) {
		var named function.MetadataResponse
		newFunction().Metadata(t.Context(), function.MetadataRequest{}, &named)
		wanted = append(wanted, "functions/"+named.Name+"/function.tf")
	}
	return wanted
}

// extendedProvider is a provider that offers more than resources and data sources.
type extendedProvider interface {
	frameworkprovider.ProviderWithActions
	frameworkprovider.ProviderWithEphemeralResources
	frameworkprovider.ProviderWithFunctions
	frameworkprovider.ProviderWithListResources
}

// quickstart runs the script that newcomers are told to run, which must end with the
// exit code and leave no file behind, and returns its output.
func quickstart(t *testing.T, code int, terraform string) string {
	t.Helper()
	script, err := filepath.Abs(filepath.Join(root, "quickstart", "run.sh"))
	if err != nil {
		t.Fatalf("finding the script: %v", err)
	}
	temporary := t.TempDir()
	w := workspace{dir: t.TempDir(), environment: append(environment(), "TERRAFORM="+terraform, "TMPDIR="+temporary)}
	output := w.run(t, code, script, binary)
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("the script left files behind: %v, %v", left, err)
	}
	return output
}

func TestQuickstart(t *testing.T) {
	t.Parallel()
	output := quickstart(t, 0, command)
	for _, wanted := range []string{
		"Apply complete! Resources: 17 added, 0 changed, 0 destroyed.",
		"caller_lacks_nothing = true",
		`"rawAcl:READ in table wells/production",`,
		"etl_secret_access_key = <sensitive>",
		"No changes.",
		`+ "fs:WriteObject"`,
		`+ "rawAcl:READ in table wells/logs"`,
		"Plan: 0 to add, 2 to change, 0 to destroy.",
		"Apply complete! Resources: 0 added, 2 changed, 0 destroyed.",
		"Error: Missing capabilities",
		"- assetsAcl:READ in all",
		"Destroy complete! Resources: 17 destroyed.",
	} {
		if !strings.Contains(output, wanted) {
			t.Errorf("the output lacks %q", wanted)
		}
	}
	if strings.Contains(output, "development overrides") {
		t.Error("the output holds the warning of development overrides")
	}
	if t.Failed() {
		t.Logf("the output:\n%s", output)
	}
}

// TestQuickstartCleansUpAfterFailure runs the script with a command that fails.
func TestQuickstartCleansUpAfterFailure(t *testing.T) {
	t.Parallel()
	output := quickstart(t, 1, "false")
	if strings.Contains(output, "==> 2.") {
		t.Errorf("the script went on after a failure:\n%s", output)
	}
}
