// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// list asks for the objects of a type; filters are texts.
func (r *stateReader) list(typeName string, filter map[string]string, limit int64, include bool) []tfprotov6.ListResourceResult {
	r.t.Helper()
	server, ok := r.server.(tfprotov6.ListResourceServer)
	if !ok {
		r.t.Fatal("the provider lists nothing")
	}
	answer, err := r.server.GetProviderSchema(r.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	mustBe(r.t, err)
	kind := answer.ListResourceSchemas[typeName].ValueType()
	var attributes map[string]tftypes.Value
	mustBe(r.t, nothingOf(kind).As(&attributes))
	for name, value := range filter {
		attributes[name] = tftypes.NewValue(tftypes.String, value)
	}
	config, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, attributes))
	mustBe(r.t, err)
	stream, err := server.ListResource(r.t.Context(), &tfprotov6.ListResourceRequest{TypeName: typeName, Config: &config, Limit: limit, IncludeResource: include})
	mustBe(r.t, err)
	return slices.Collect(stream.Results)
}

// names are the display names of what was listed, and what was said instead.
func names(results []tfprotov6.ListResourceResult) []string {
	all := []string{}
	for _, result := range results {
		if failed(result.Diagnostics) {
			all = append(all, texts(result.Diagnostics)...)
			continue
		}
		all = append(all, result.DisplayName)
	}
	return all
}

// Every resource can be listed. What is listed is identified, and is as an import and a read
// have it.
func TestListOfEveryType(t *testing.T) {
	t.Parallel()
	r, objects := newStateReader(t)
	for typeName, schema := range r.schemas {
		imported := r.importAndRead(&tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: objects[typeName]})
		results := r.list(typeName, nil, 0, true)
		i := slices.IndexFunc(results, func(result tfprotov6.ListResourceResult) bool {
			return cmp.Equal(result.Identity, imported.NewIdentity)
		})
		if i < 0 {
			t.Errorf("%s: %q is not listed, only %v", typeName, objects[typeName], names(results))
			continue
		}
		for _, result := range results {
			if failed(result.Diagnostics) || result.DisplayName == "" {
				t.Errorf("%s: %q cannot be listed: %v", typeName, result.DisplayName, texts(result.Diagnostics))
			}
		}
		listed, err := results[i].Resource.Unmarshal(schema.ValueType())
		mustBe(t, err)
		read, err := imported.NewState.Unmarshal(schema.ValueType())
		mustBe(t, err)
		if !listed.Equal(read) {
			t.Errorf("%s: listed it is %s, read %s", typeName, listed, read)
		}
		for _, result := range r.list(typeName, nil, 1, false) {
			if result.Resource != nil {
				t.Errorf("%s: the object is there without having been asked for", typeName)
			}
		}
	}
}

// staffed is a lakeFS with some of everything.
func staffed(t *testing.T) (*acctest.LakeFS, *stateReader) {
	t.Helper()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	for i := range 30 {
		id := fmt.Sprintf("user-%02d", i)
		_, err := server.Client.CreateUser(t.Context(), lakefsapi.UserCreation{ID: id})
		mustBe(t, err)
		group := fmt.Sprintf("team-%d", i%3)
		if i < 3 {
			_, err := server.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: group})
			mustBe(t, err)
			mustBe(t, server.Client.AttachPolicyToGroup(t.Context(), group, "FSReadAll"))
			mustBe(t, server.Client.AttachPolicyToUser(t.Context(), id, "AuthManageOwnCredentials"))
		}
		mustBe(t, server.Client.AddGroupMembership(t.Context(), group, id))
	}
	return server, newReader(t, server.Environment())
}

func TestFiltersOfLists(t *testing.T) {
	t.Parallel()
	_, r := staffed(t)
	for _, test := range []struct {
		typeName string
		filter   map[string]string
		limit    int64
		want     []string
	}{
		{"iam_lakefs_user", map[string]string{"prefix": "user-0"}, 3, []string{"user-00", "user-01", "user-02"}},
		{"iam_lakefs_user", map[string]string{"prefix": "user-29"}, 0, []string{"user-29"}},
		{"iam_lakefs_user", map[string]string{"prefix": "none"}, 0, []string{}},
		{"iam_lakefs_group", map[string]string{"prefix": "team-"}, 0, []string{"team-0", "team-1", "team-2"}},
		{"iam_lakefs_policy", map[string]string{"prefix": "FSRead"}, 0, []string{"FSReadAll", "FSReadWriteAll"}},
		{"iam_lakefs_group_membership", map[string]string{"user_id": "user-04"}, 0, []string{"team-1/user-04"}},
		{"iam_lakefs_group_membership", map[string]string{"group_id": "team-1"}, 2, []string{"team-1/user-01", "team-1/user-04"}},
		{"iam_lakefs_group_membership", nil, 3, []string{"Admins/admin", "team-0/user-00", "team-0/user-03"}},
		{"iam_lakefs_group_membership", map[string]string{"group_id": "a", "user_id": "b"}, 0, []string{"Memberships of a group or of a user: Both group_id and user_id are set. Set at most one."}},
		{"iam_lakefs_policy_attachment", map[string]string{"user_id": "user-01"}, 0, []string{"user/user-01/AuthManageOwnCredentials"}},
		{"iam_lakefs_policy_attachment", map[string]string{"group_id": "team-1"}, 0, []string{"group/team-1/FSReadAll"}},
		{"iam_lakefs_policy_attachment", map[string]string{"group_id": "a", "user_id": "b"}, 0, []string{"A principal is a user or a group: Both user_id and group_id are set. Set at most one."}},
		{"iam_lakefs_policy_attachments_exclusive", map[string]string{"user_id": "user-01"}, 0, []string{"user/user-01"}},
		{"iam_lakefs_group_memberships_exclusive", map[string]string{"prefix": "team-2"}, 0, []string{"team-2"}},
		{"iam_lakefs_credentials", map[string]string{"user_id": "user-01"}, 0, []string{}},
	} {
		if diff := cmp.Diff(test.want, names(r.list(test.typeName, test.filter, test.limit, false))); diff != "" {
			t.Errorf("%s with %v, at most %d (-want +got):\n%s", test.typeName, test.filter, test.limit, diff)
		}
	}
	got := names(r.list("iam_lakefs_group_membership", map[string]string{"group_id": "nobody"}, 0, false))
	if len(got) != 1 || !strings.Contains(got[0], "Could not list lakeFS group membership: list.iam_lakefs_group_membership: ") {
		t.Errorf("members of a group that is not there: %v", got)
	}
	all := names(r.list("iam_lakefs_policy_attachment", nil, 0, false))
	for _, want := range []string{"group/team-2/FSReadAll", "user/user-02/AuthManageOwnCredentials", "group/Admins/FSFullAccess"} {
		if !slices.Contains(all, want) {
			t.Errorf("attachments %v lack %s", all, want)
		}
	}
}

// A user that lakeFS cannot address is left out with a warning, and the others are listed. Where
// the configuration names it, that is an error.
func TestListsLeaveOutWhatCannotBeAddressed(t *testing.T) {
	t.Parallel()
	server, r := staffed(t)
	_, err := server.Client.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "a+b"})
	mustBe(t, err)
	results := r.list("iam_lakefs_policy_attachment", nil, 0, false)
	var warnings []string
	for _, result := range results {
		if len(result.Diagnostics) > 0 {
			warnings = append(warnings, texts(result.Diagnostics)...)
		}
	}
	if len(warnings) != 1 || !strings.HasPrefix(warnings[0], `Not all is listed: list.iam_lakefs_policy_attachment leaves out a part: `) || !strings.Contains(warnings[0], `"a+b"`) {
		t.Errorf("said %q", warnings)
	}
	if all := names(results); slices.ContainsFunc(results, func(result tfprotov6.ListResourceResult) bool { return failed(result.Diagnostics) }) ||
		!slices.Contains(all, "user/user-02/AuthManageOwnCredentials") {
		t.Errorf("listed %v", all)
	}
	if named := r.list("iam_lakefs_policy_attachment", map[string]string{"user_id": "a+b"}, 0, false); len(named) != 1 || !failed(named[0].Diagnostics) {
		t.Errorf("named, it is listed as %v", names(named))
	}
}

// A list reads no more than it is asked for.
func TestListsReadWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	server, r := staffed(t)
	for typeName, want := range map[string]int64{
		"iam_lakefs_user": 1, "iam_lakefs_group": 1, "iam_lakefs_policy": 1, "iam_lakefs_group_memberships_exclusive": 1, "iam_lakefs_policy_attachments_exclusive": 1,
		// The parents and the first of them.
		"iam_lakefs_group_membership": 2, "iam_lakefs_policy_attachment": 2, "iam_lakefs_credentials": 2,
	} {
		before := server.Local.Requests()
		if got := r.list(typeName, nil, 1, false); len(got) != 1 || failed(got[0].Diagnostics) {
			t.Errorf("%s: listed %v", typeName, names(got))
		}
		if made := server.Local.Requests() - before; made != want {
			t.Errorf("%s: one object took %d requests, want %d", typeName, made, want)
		}
	}
}

// What is listed is not managed by that: no list warns of two resources for the same.
func TestListsManageNothing(t *testing.T) {
	t.Parallel()
	_, r := staffed(t)
	for _, typeName := range []string{
		"iam_lakefs_group_membership", "iam_lakefs_group_memberships_exclusive", "iam_lakefs_policy_attachment", "iam_lakefs_policy_attachments_exclusive",
	} {
		results := r.list(typeName, nil, 0, true)
		if len(results) == 0 {
			t.Errorf("%s: nothing is listed", typeName)
		}
		for _, result := range results {
			if len(result.Diagnostics) > 0 {
				t.Errorf("%s: %q says %v", typeName, result.DisplayName, texts(result.Diagnostics))
			}
		}
	}
}

// Terraform's query command finds what nobody manages yet.
func TestAccQuery(t *testing.T) {
	t.Parallel()
	server, _ := staffed(t)
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   acctest.Needs(acctest.ListResources),
		ProtoV6ProviderFactories: acctest.ProvidersWith(environment(maps.Clone(server.Environment()))),
		Steps: []resource.TestStep{{
			Query: true,
			Config: `
				provider "iam" {}
				list "iam_lakefs_group_membership" "team" {
					provider = iam
					config {
						group_id = "team-1"
					}
				}
				list "iam_lakefs_user" "all" {
					provider         = iam
					include_resource = true
					limit            = 5
					config {
						prefix = "user-"
					}
				}
			`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("iam_lakefs_group_membership.team", 10),
				querycheck.ExpectIdentity("iam_lakefs_group_membership.team", map[string]knownvalue.Check{
					"group_id": knownvalue.StringExact("team-1"), "user_id": knownvalue.StringExact("user-04"),
				}),
				querycheck.ExpectLength("iam_lakefs_user.all", 5),
			},
		}},
	})
}
