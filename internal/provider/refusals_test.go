// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// oneOfEach is a resource of every type, none of which depends on another, so
// that a server refuses them all in one apply.
const oneOfEach = `
resource "iam_lakefs_user" "test" {
  id = "new"
}
resource "iam_lakefs_group" "test" {
  name = "new"
}
resource "iam_lakefs_policy" "test" {
  id = "new"
  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject"]
    resources = ["*"]
  }
}
resource "iam_lakefs_group_membership" "test" {
  group_id = "Viewers"
  user_id  = "admin"
}
resource "iam_lakefs_policy_attachment" "user" {
  policy_id = "FSReadAll"
  user_id   = "admin"
}
resource "iam_lakefs_policy_attachment" "group" {
  policy_id = "FSFullAccess"
  group_id  = "Viewers"
}
resource "iam_lakefs_group_memberships_exclusive" "test" {
  group_id = "Developers"
  user_ids = ["admin"]
}
resource "iam_lakefs_policy_attachments_exclusive" "test" {
  group_id   = "Developers"
  policy_ids = ["FSFullAccess", "FSReadAll"]
}
resource "iam_lakefs_credentials" "test" {
  user_id = "admin"
}
`

// lakeFS names the permission that lacks in some versions, and in none the
// resource; the provider names both, and the statement that would help.
func TestAccProvider_notPermitted(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{"1.84", "0.97"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Dialect: dialect})
			providers, said := acctest.Listen(lakefs.ProvidersAs(lakefs.Caller(t, "reader", lakefsapi.Statement{
				Effect: "allow", Action: []string{"auth:List*", "auth:Read*"}, Resource: "*",
			})))
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				Steps:                    []resource.TestStep{{Config: oneOfEach, ExpectError: regexp.MustCompile(`not\s+permitted:\s+needs`)}},
			})
			said.ExpectErrors(t,
				refusal("create lakeFS user", "auth:CreateUser", "arn:lakefs:auth:::user/new"),
				refusal("create lakeFS group", "auth:CreateGroup", "arn:lakefs:auth:::group/new"),
				refusal("create lakeFS policy", "auth:CreatePolicy", "arn:lakefs:auth:::policy/new"),
				refusal("create lakeFS group membership", "auth:AddGroupMember", "arn:lakefs:auth:::group/Viewers"),
				refusal("create lakeFS policy attachment", "auth:AttachPolicy", "arn:lakefs:auth:::user/admin"),
				refusal("create lakeFS policy attachment", "auth:AttachPolicy", "arn:lakefs:auth:::group/Viewers"),
				refusal("create lakeFS exclusive group memberships", "auth:AddGroupMember", "arn:lakefs:auth:::group/Developers"),
				refusal("create lakeFS exclusive policy attachments", "auth:AttachPolicy", "arn:lakefs:auth:::group/Developers"),
				refusal("create lakeFS credentials", "auth:CreateCredentials", "arn:lakefs:auth:::user/admin"))
		})
	}
}

// refusal matches an error that names a permission and shows its statement.
func refusal(verb, action, arn string) string {
	statement := "statement {\n    effect    = \"allow\"\n    actions   = [\"" + action + "\"]\n    resources = [\"" + arn + "\"]\n  }"
	return "^Could not " + verb + `: (.|\n)*needs ` + regexp.QuoteMeta(action+" on "+arn) + `(.|\n)*` + regexp.QuoteMeta(statement)
}

// A server without RBAC has nothing to manage, and every type says so.
func TestAccProvider_withoutRBAC(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{RBAC: "none"})
	const why = `(.|\n)*runs without role-based access control`
	for name, test := range map[string]struct {
		config string
		want   []string
	}{
		"resources": {oneOfEach, []string{
			"^Could not create lakeFS user:" + why,
			"^Could not create lakeFS group:" + why,
			"^Could not create lakeFS policy:" + why,
			"^Could not create lakeFS group membership:" + why,
			`^Could not create lakeFS policy attachment: .*"user/` + why,
			`^Could not create lakeFS policy attachment: .*"group/` + why,
			"^Could not create lakeFS exclusive group memberships:" + why,
			"^Could not create lakeFS exclusive policy attachments:" + why,
			"^Could not create lakeFS credentials:" + why,
		}},
		"data sources": {
			`data "iam_lakefs_groups" "test" {}
			data "iam_lakefs_policies" "test" {}
			data "iam_lakefs_group" "test" { id = "Viewers" }
			data "iam_lakefs_policy" "test" { id = "FSReadAll" }`,
			[]string{
				"^Could not read lakeFS groups:" + why,
				"^Could not read lakeFS policies:" + why,
				"^Could not read lakeFS group:" + why,
				"^Could not read lakeFS policy:" + why,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			providers, said := acctest.Listen(lakefs.Providers())
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				Steps:                    []resource.TestStep{{Config: test.config, ExpectError: regexp.MustCompile(`role-based`)}},
			})
			said.ExpectErrors(t, test.want...)
		})
	}
}

func TestAccProvider_wrongCredentials(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	providers, said := acctest.Listen(lakefs.ProvidersAs("AKIAJWRONGWRONGWRONG", "hush-this-is-wrong"))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: userConfig("new"), ExpectError: regexp.MustCompile(`Could\s+not\s+create`)}},
	})
	said.ExpectErrors(t, `lakeFS rejected the credentials\. Check access_key_id and secret_access_key \(or token\).*LAKECTL_CREDENTIALS_ACCESS_KEY_ID`)
	if text := strings.Join(said.Errors(), ""); strings.Contains(text, "hush") {
		t.Errorf("the message shows the secret: %s", text)
	}
}

// lakeFS answers 200 and nobody to a caller whose credentials got lost on the way.
func TestAccProvider_anonymous(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("Authorization")
			next.ServeHTTP(w, r)
		})
	}})
	providers, said := acctest.Listen(lakefs.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: currentUser, PlanOnly: true, ExpectError: regexp.MustCompile(`Could\s+not\s+read`)}},
	})
	said.ExpectErrors(t, `lakeFS sees no credentials in the request`)
}

// oneOfEachCDF is a resource of every type of CDF, which a project refuses all in
// one apply.
const oneOfEachCDF = `
resource "iam_cdf_group" "test" {
  name = "new"
}
resource "iam_cdf_security_category" "test" {
  name = "new"
}
resource "iam_cdf_user_profiles_configuration" "test" {
  enabled = true
}
`

// CDF names the capability that lacks; the provider names the one that an operation
// needs, and the block that would help.
func TestAccProvider_notPermittedByCDF(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	providers, said := acctest.Listen(project.ProvidersAs(project.Caller(t, "reader",
		`[{"groupsAcl": {"actions": ["LIST"], "scope": {"all": {}}}}, {"securityCategoriesAcl": {"actions": ["LIST"], "scope": {"all": {}}}}]`)))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: oneOfEachCDF, ExpectError: regexp.MustCompile(`not\s+permitted\.\s+The\s+operation\s+needs`)}},
	})
	said.ExpectErrors(t,
		cdfRefusal("create CDF group", "groupsAcl", "CREATE"),
		cdfRefusal("create CDF security category", "securityCategoriesAcl", "CREATE"),
		cdfRefusal("create CDF user profiles configuration", "projectsAcl", "UPDATE"))
}

// cdfRefusal matches an error that names a capability and shows its block.
func cdfRefusal(verb, acl, action string) string {
	return `(?s)^Could not ` + verb + `: .*not permitted\. The operation needs ` + acl + ":" + action + ` in all\. Add this to a group of the caller:` +
		`\s+capability \{\s+acl\s+= "` + acl + `"\s+actions\s+= \["` + action + `"\]\s+scope \{\s+all\s+= true\s+\}\s+\}.*Server answer: .*403`
}

func TestAccProvider_wrongCDFCredentials(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	stranger := cdf.Client{ID: "stranger", Secret: "hush-known"}
	if err := project.Local.AddCDFClient(stranger); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ id, secret, want string }{
		"wrong secret":         {project.Local.ClientID(), "hush-this-is-wrong", `invalid_client.*the client is not known or its secret is wrong`},
		"nobody":               {"nobody", "hush", `invalid_client`},
		"no member of project": {stranger.ID, stranger.Secret, `the caller is no member of the project local`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			providers, said := acctest.Listen(project.ProvidersAs(test.id, test.secret))
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				Steps:                    []resource.TestStep{{Config: categoryConfig("new"), ExpectError: regexp.MustCompile(`Could\s+not\s+create`)}},
			})
			said.ExpectErrors(t, `^Could not create CDF security category: .*CDF rejected the credentials\. Check token, or client_id and client_secret.*`+test.want)
			if text := strings.Join(said.Errors(), ""); strings.Contains(text, "hush") {
				t.Errorf("the message shows the secret: %s", text)
			}
		})
	}
}
