// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// keysMade are the keys of a user that requests for keys were answered with.
func keysMade(t *testing.T, userID string, requests []exchange) (made []lakefsapi.CredentialsWithSecret) {
	t.Helper()
	for _, request := range requests {
		if request.request == "POST users/"+userID+"/credentials" && request.status == http.StatusCreated {
			var key lakefsapi.CredentialsWithSecret
			must(t, json.Unmarshal([]byte(request.answer), &key))
			made = append(made, key)
		}
	}
	return made
}

// keysDeleted are the ids of the keys of a user that were asked to be deleted.
func keysDeleted(userID string, requests []exchange) (ids []string) {
	for _, request := range requests {
		if id, is := strings.CutPrefix(request.request, "DELETE users/"+userID+"/credentials/"); is {
			ids = append(ids, id)
		}
	}
	return ids
}

// One key is made by each plan and each apply, and just this one is revoked at its end:
// a key that the user has otherwise stays.
func TestAccLakefsShortLivedCredentials_basic(t *testing.T) {
	t.Parallel()
	requests := new(traffic)
	lakefs := acctest.StartLocalLakeFS(t, requests.options())
	makeUser(t, lakefs, "etl")
	own := makeKey(t, lakefs, "etl")
	providers, private := remembered(lakefs.Providers())
	providers, said := acctest.Listen(providers)
	ephemeralTest(t, providers, resource.TestStep{
		Config: ephemeralConfig("credentials", `user_id = "etl"`),
		ConfigStateChecks: []statecheck.StateCheck{
			echoed("user_id", knownvalue.StringExact("etl")),
			echoed("access_key_id", knownvalue.NotNull()),
			echoed("secret_access_key", knownvalue.NotNull()),
			echoed("creation_date", rfc3339),
		},
	})
	must(t, keysAre(t, lakefs, "etl", own.AccessKeyID)(nil))
	made := keysMade(t, "etl", requests.all())[1:]
	var ids []string
	for _, key := range made {
		ids = append(ids, key.AccessKeyID)
		for _, kept := range private.all() {
			if strings.Contains(kept, key.SecretAccessKey) {
				t.Errorf("Terraform keeps the secret of %s: %s", key.AccessKeyID, kept)
			}
		}
	}
	if diff := cmp.Diff(ids, keysDeleted("etl", requests.all())); diff != "" || len(ids) < 2 {
		t.Errorf("keys (-made +deleted):\n%s", diff)
	}
	if kept := private.all(); len(kept) != len(ids) || !strings.Contains(kept[0], "key") {
		t.Errorf("Terraform keeps %v, want the ids of %d keys", kept, len(ids))
	}
	said.ExpectWarnings(t)
}

// A user that the same configuration makes is waited for, as the example does it.
func TestAccLakefsShortLivedCredentials_newUser(t *testing.T) {
	t.Parallel()
	requests := new(traffic)
	lakefs := acctest.StartLocalLakeFS(t, requests.options())
	config := func(userID string) string {
		return userConfig("new", "") + ephemeralConfig("credentials", "user_id = "+userID)
	}
	providers, said := acctest.Listen(lakefs.Providers())
	waiting := resource.TestStep{Config: config(theUser + `.creation_date != "" ? ` + theUser + ".id : null")}
	if acctest.OpenTofu() {
		// It opens nothing in a plan that depends on a resource which is to be changed.
		ephemeralTest(t, providers, resource.TestStep{Config: config(theUser + ".id")}, waiting)
		said.ExpectErrors(t)
		return
	}
	ephemeralTest(t, providers,
		resource.TestStep{Config: config(theUser + ".id"), ExpectError: says(`There is no user "new"`, "let user_id depend on a value of the user that is known only after apply")},
		waiting,
	)
	said.ExpectErrors(t, `^Could not open short-lived lakeFS credentials: ephemeral\.iam_lakefs_credentials: There is no user "new"\. If this configuration makes it: .* Server answer: createCredentials.*404`)
	made, deleted := keysMade(t, "new", requests.all()), keysDeleted("new", requests.all())
	if len(made) == 0 || len(deleted) < len(made) {
		t.Errorf("%d keys were made and %v deleted", len(made), deleted)
	}
}

// A key that somebody else has revoked meanwhile needs not be revoked.
func TestAccLakefsShortLivedCredentials_goneOnClose(t *testing.T) {
	t.Parallel()
	requests := &traffic{about: "DELETE users/etl/credentials"}
	requests.otherwise = func(w http.ResponseWriter, r *http.Request, deliver func()) bool {
		deliver() // by somebody else
		return answers(http.StatusNotFound, `{"message":"credentials not found"}`)(w, r, deliver)
	}
	lakefs := acctest.StartLocalLakeFS(t, requests.options())
	makeUser(t, lakefs, "etl")
	ephemeralTest(t, lakefs.Providers(), resource.TestStep{Config: ephemeralConfig("credentials", `user_id = "etl"`)})
	if len(requests.all()) == 0 {
		t.Error("nothing was revoked")
	}
	must(t, keysAre(t, lakefs, "etl")(nil))
}

// A key that is not revoked is an error that names it, its user and the way out.
func TestAccLakefsShortLivedCredentials_closeRefused(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{})
	makeUser(t, lakefs, "etl")
	providers, said := acctest.Listen(lakefs.ProvidersAs(lakefs.Caller(t, "creator", lakefsapi.Statement{
		Effect: "allow", Action: []string{"auth:CreateCredentials", "auth:ListCredentials"}, Resource: "*",
	})))
	ephemeralTest(t, providers, resource.TestStep{
		Config: ephemeralConfig("credentials", `user_id = "etl"`), PlanOnly: true, ExpectError: says("Could not close short-lived lakeFS credentials"),
	})
	left, err := keysOf(t.Context(), lakefs, "etl")
	must(t, err)
	for _, id := range left {
		said.ExpectErrors(t, `(?s)^Could not close short-lived lakeFS credentials: ephemeral\.iam_lakefs_credentials: not permitted: needs auth:DeleteCredentials on arn:lakefs:auth:::user/etl.*`+
			`The access key "`+id+`" of the user "etl" was not revoked and goes on working\. Revoke it, for example with lakectl auth users credentials delete --id "etl" --access-key-id "`+id+`"`)
	}
	if len(left) != 1 {
		t.Errorf("the keys %v are left, want one", left)
	}
}

// A key whose answer was lost is named and left alone, the other one is revoked.
func TestAccLakefsShortLivedCredentials_lostAnswer(t *testing.T) {
	t.Parallel()
	requests := &traffic{about: "POST users/unlucky/credentials"}
	requests.otherwise = func(_ http.ResponseWriter, _ *http.Request, deliver func()) bool {
		if len(requests.all()) == 0 {
			deliver()
			panic(http.ErrAbortHandler)
		}
		return false
	}
	lakefs := acctest.StartLocalLakeFS(t, requests.options())
	makeUser(t, lakefs, "unlucky")
	providers, said := acctest.Listen(lakefs.Providers())
	ephemeralTest(t, providers, resource.TestStep{Config: ephemeralConfig("credentials", `user_id = "unlucky"`)})
	orphan := keysMade(t, "unlucky", requests.all())[0].AccessKeyID
	must(t, keysAre(t, lakefs, "unlucky", orphan)(nil))
	said.ExpectWarnings(t, `^lakeFS made access keys whose secret was lost: (.|\n)*"unlucky"(.|\n)*: `+orphan+`\. They were left alone`)
}

// Opening fails with what lacks, and leaves no key that is not named.
func TestAccLakefsShortLivedCredentials_openRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options   localserver.Options
		otherwise func(http.ResponseWriter, *http.Request, func()) bool
		want      string
	}{
		"no RBAC":     {localserver.Options{RBAC: "none"}, nil, `runs without role-based access control`},
		"broken":      {localserver.Options{}, answers(http.StatusInternalServerError, `{"message":"out of order"}`), `500.*out of order`},
		"no secret":   {localserver.Options{}, answers(http.StatusCreated, `{"access_key_id":"AKIAJ","creation_date":1}`), `"secret_access_key" is missing`},
		"nobody":      {localserver.Options{}, nil, `needs auth:CreateCredentials on arn:lakefs:auth:::user/etl`},
		"unreachable": {localserver.Options{}, func(http.ResponseWriter, *http.Request, func()) bool { panic(http.ErrAbortHandler) }, `createCredentials`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := &traffic{about: "POST users/etl/credentials"}
			options := test.options
			options.Middleware = requests.wrap
			lakefs := acctest.StartLocalLakeFS(t, options)
			factories := lakefs.Providers()
			if options.RBAC == "" {
				makeUser(t, lakefs, "etl")
			}
			if name == "nobody" {
				factories = lakefs.ProvidersAs(lakefs.Caller(t, "nobody"))
			}
			requests.otherwise = test.otherwise
			const once = "provider \"iam\" {\n  max_retries = 0\n}\n"
			providers, said := acctest.Listen(factories)
			ephemeralTest(t, providers, resource.TestStep{
				Config: once + ephemeralConfig("credentials", `user_id = "etl"`), PlanOnly: true,
				ExpectError: says("Could not open short-lived lakeFS credentials"),
			})
			said.ExpectErrors(t, `(?s)^Could not open short-lived lakeFS credentials: ephemeral\.iam_lakefs_credentials: .*`+test.want)
		})
	}
}

// With a user that is known only after apply, nothing is opened by the plan; what turns out to be no id is
// refused then.
func TestAccLakefsShortLivedCredentials_unknownUser(t *testing.T) {
	t.Parallel()
	requests := new(traffic)
	lakefs := acctest.StartLocalLakeFS(t, requests.options())
	makeUser(t, lakefs, "etl")
	config := func(id string) string {
		return later(id) + ephemeralConfig("credentials", "user_id = terraform_data.later.output")
	}
	ephemeralTest(t, lakefs.Providers(),
		resource.TestStep{Config: config(`"etl"`), PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{
			PreConfig: func() {
				if made := keysMade(t, "etl", requests.all()); len(made) > 0 {
					t.Errorf("the plan made keys: %v", made)
				}
			},
			Config:            config(`"etl"`),
			ConfigStateChecks: []statecheck.StateCheck{echoed("user_id", knownvalue.StringExact("etl"))},
		})
	ephemeralTest(t, lakefs.Providers(),
		resource.TestStep{Config: ephemeralConfig("credentials", `user_id = "a/b"`), PlanOnly: true, ExpectError: says(`The user id "a/b" contains "/"`)},
		resource.TestStep{Config: ephemeralConfig("credentials", ""), PlanOnly: true, ExpectError: says(`The argument "user_id" is required`)},
		resource.TestStep{Config: config(`"a/b"`), ExpectError: says(`The user id "a/b" contains "/"`)},
	)
	must(t, keysAre(t, lakefs, "etl")(nil))
}

// What Terraform hands back is not trusted: nothing is deleted where it cannot be read.
func TestShortLivedCredentialsOfBadPrivateData(t *testing.T) {
	t.Parallel()
	requests := &traffic{about: "DELETE "}
	lakefs := acctest.StartLocalLakeFS(t, requests.options())
	server, err := lakefs.Providers()["iam"]()
	must(t, err)
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	kind := schemas.Provider.ValueType()
	nothing := map[string]tftypes.Value{}
	object, _ := kind.(tftypes.Object)
	for name, of := range object.AttributeTypes {
		nothing[name] = tftypes.NewValue(of, nil)
	}
	config, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nothing))
	must(t, err)
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &config})
	must(t, err)
	if len(configured.Diagnostics) > 0 {
		t.Fatal(configured.Diagnostics[0])
	}
	for _, kept := range []string{``, `7`, `[]`, `{}`, `null`, `{"user_id":"admin"}`, `{"user_id":7,"access_key_id":"x"}`, `{"access_key_id":"` + lakefs.Local.AccessKeyID() + `"}`} {
		private := []byte(nil)
		if kept != "" {
			private, err = json.Marshal(map[string][]byte{"key": []byte(kept)})
			must(t, err)
		}
		closed, err := server.CloseEphemeralResource(t.Context(), &tfprotov6.CloseEphemeralResourceRequest{TypeName: "iam_lakefs_credentials", Private: private})
		must(t, err)
		if !slices.ContainsFunc(closed.Diagnostics, func(d *tfprotov6.Diagnostic) bool {
			return strings.Contains(d.Detail, "Which access key to revoke cannot be read from the private data")
		}) {
			t.Errorf("private data %s: said %v, want an error", kept, closed.Diagnostics)
		}
	}
	if deleted := requests.all(); len(deleted) > 0 {
		t.Errorf("requests %v, want none", deleted)
	}
}
