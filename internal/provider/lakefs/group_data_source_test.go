// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// groupIs is a group in a data source's list; the server may choose its id.
func groupIs(name string, description knownvalue.Check) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"id": knownvalue.NotNull(), "name": knownvalue.StringExact(name),
		"description": description, "creation_date": rfc3339,
	})
}

func TestAccLakefsGroupDataSource_basic(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("look me up? ü")
	const edges = "[iam_lakefs_group_membership.test, iam_lakefs_policy_attachment.test]"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf(groupWithEdges, name, "Those who look.") + fmt.Sprintf(`
data "iam_lakefs_group" "test" {
  id               = iam_lakefs_group.test.id
  include_members  = true
  include_policies = true
  depends_on       = %[1]s
}
data "iam_lakefs_group" "bare" {
  name       = iam_lakefs_group.test.name
  depends_on = %[1]s
}
data "iam_lakefs_groups" "test" {
  prefix = iam_lakefs_group.test.id
}
`, edges),
			ConfigStateChecks: []statecheck.StateCheck{
				dataHas("group", "name", knownvalue.StringExact(name)),
				dataHas("group", "description", knownvalue.StringExact("Those who look.")),
				dataHas("group", "creation_date", rfc3339),
				dataHas("group", "members", knownvalue.ListExact([]knownvalue.Check{userIs(name)})),
				dataHas("group", "policies", knownvalue.ListExact([]knownvalue.Check{policyShown(name)})),
				bareHas("group", "id", knownvalue.NotNull()),
				bareHas("group", "description", knownvalue.StringExact("Those who look.")),
				bareHas("group", "members", knownvalue.Null()),
				bareHas("group", "policies", knownvalue.Null()),
				dataHas("groups", "groups", knownvalue.ListExact([]knownvalue.Check{groupIs(name, knownvalue.StringExact("Those who look."))})),
			},
		}},
	})
}

// What the server does not tell is null, not empty.
func TestAccLakefsGroupDataSource_withoutDescription(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Dialect: "0.97"})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: "data \"iam_lakefs_group\" \"test\" {\n  id = \"Admins\"\n}\ndata \"iam_lakefs_groups\" \"test\" {\n  prefix = \"Admins\"\n}\n",
			ConfigStateChecks: []statecheck.StateCheck{
				dataHas("group", "description", knownvalue.Null()),
				dataHas("groups", "groups", knownvalue.ListExact([]knownvalue.Check{groupIs("Admins", knownvalue.Null())})),
			},
		}},
	})
}

// Nothing but the server's own rules keeps names apart where it chooses the ids.
func TestAccLakefsGroupDataSource_ambiguous(t *testing.T) {
	t.Parallel()
	alike := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(answer.Code)
			_, _ = w.Write(bytes.ReplaceAll(answer.Body.Bytes(), []byte(`"name":"Viewers"`), []byte(`"name":"Admins"`)))
		})
	}
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: alike})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config:      "data \"iam_lakefs_group\" \"test\" {\n  name = \"Admins\"\n}\n",
			ExpectError: says(`Several groups have the name "Admins": use one of the ids Admins, Viewers`),
		}},
	})
}

func TestAccLakefsGroupDataSource_which(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	for arguments, words := range map[string]string{
		"":                           "Set exactly one of id and name",
		"id = \"a\"\n  name = \"a\"": "Both id and name of data.iam_lakefs_group are set",
		"id = \"a/b\"":               `The group id "a/b" contains "/" or "%"`,
	} {
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: lakefs.Providers(),
			Steps: []resource.TestStep{{
				Config: "data \"iam_lakefs_group\" \"test\" {\n  " + arguments + "\n}\n", PlanOnly: true, ExpectError: says(words),
			}},
		})
	}
}
