// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// right is what one operation needs, and a request for it.
type right struct {
	send, body string
	// needs are ACL:ACTION; empty means that being a member is enough.
	needs []string
}

// rights are all operations that look at a caller, by their names.
var rights = map[string]right{
	"inspectToken":             {"GET //api/v1/token/inspect", "", []string{"projectsAcl:LIST", "groupsAcl:LIST"}},
	"listProjects":             {"GET //api/v1/projects", "", []string{"projectsAcl:LIST"}},
	"getProject":               {"GET ", "", []string{"projectsAcl:READ"}},
	"updateProject":            {"POST /update", `{"update":{"userProfilesConfiguration":{"set":{"enabled":true}}}}`, []string{"projectsAcl:UPDATE"}},
	"listGroups":               {"GET /groups?all=true", "", []string{"groupsAcl:LIST"}},
	"createGroups":             {"POST /groups", `{"items":[{"name":"g"}]}`, []string{"groupsAcl:CREATE"}},
	"deleteGroups":             {"POST /groups/delete", `{"items":[1]}`, []string{"groupsAcl:DELETE"}},
	"listSecurityCategories":   {"GET /securitycategories", "", []string{"securityCategoriesAcl:LIST"}},
	"createSecurityCategories": {"POST /securitycategories", `{"items":[{"name":"c"}]}`, []string{"securityCategoriesAcl:CREATE"}},
	"deleteSecurityCategories": {"POST /securitycategories/delete", `{"items":[1]}`, []string{"securityCategoriesAcl:DELETE"}},
	"createSession":            {"POST /sessions", `{"items":[{"tokenExchange":true}]}`, []string{"sessionsAcl:CREATE"}},
	"listSessions":             {"GET /sessions", "", []string{"sessionsAcl:LIST"}},
	"retrieveSessions":         {"POST /sessions/byids", `{"items":[{"id":1}]}`, []string{"sessionsAcl:LIST"}},
	"revokeSessions":           {"POST /sessions/revoke", `{"items":[{"id":1}]}`, []string{"sessionsAcl:DELETE"}},
	"getMyUserProfile":         {"GET /profiles/me", "", nil},
	"listUserProfiles":         {"GET /profiles", "", nil},
	"retrieveUserProfiles":     {"POST /profiles/byids", `{"items":[{"userIdentifier":"user-bo"}]}`, nil},
	"searchUserProfiles":       {"POST /profiles/search", `{"search":{"name":"a"}}`, nil},
	"getMyPrincipal":           {"GET //api/v1/principals/me", "", nil},
	"listPrincipals":           {"GET //api/v1/orgs/local-org/principals", "", nil},
	"retrievePrincipals":       {"POST //api/v1/orgs/local-org/principals/byids", `{"items":[{"id":"user-bo"}]}`, nil},
}

// open are the operations that look at no caller.
var open = []string{"keys", "token"}

// everything is every action that an operation here needs or that has its name.
var everything = []string{
	"groupsAcl:CREATE", "groupsAcl:DELETE", "groupsAcl:READ", "groupsAcl:LIST", "groupsAcl:UPDATE",
	"securityCategoriesAcl:MEMBEROF", "securityCategoriesAcl:LIST", "securityCategoriesAcl:CREATE", "securityCategoriesAcl:UPDATE", "securityCategoriesAcl:DELETE",
	"sessionsAcl:LIST", "sessionsAcl:CREATE", "sessionsAcl:DELETE",
	"projectsAcl:READ", "projectsAcl:CREATE", "projectsAcl:LIST", "projectsAcl:UPDATE", "projectsAcl:DELETE",
}

// capabilities writes a list of capabilities, all in one scope.
func capabilities(scope string, permissions ...string) string {
	entries := make([]string, len(permissions))
	for i, permission := range permissions {
		acl, action, _ := strings.Cut(permission, ":")
		entries[i] = fmt.Sprintf(`{%q:{"actions":[%q],"scope":%s}}`, acl, action, scope)
	}
	return "[" + strings.Join(entries, ",") + "]"
}

const inAll = `{"all":{}}`

func TestRightsNameEveryOperation(t *testing.T) {
	t.Parallel()
	named := slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(rights)), open...)))
	if diff := cmp.Diff(cdf.OperationIDs(), named); diff != "" {
		t.Errorf("operations (-server +test):\n%s", diff)
	}
}

// Every operation works with exactly what it needs, and with everything but one of
// that it is refused by name.
func TestRights(t *testing.T) {
	t.Parallel()
	for id, r := range rights {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			p := newProject(t, cdf.Options{})
			ask := func(caller string) *httptest.ResponseRecorder {
				return p.do(t, caller, p.request(t, r.send, r.body))
			}
			forbidden := func(caller, permission string) {
				want := errorOf(http.StatusForbidden, "Forbidden: the caller lacks the capability "+permission)
				if diff := cmp.Diff(want, strings.TrimSpace(ask(caller).Body.String())); diff != "" {
					t.Errorf("%s (-want +got):\n%s", caller, diff)
				}
			}
			p.caller(t, "enough", capabilities(inAll, r.needs...))
			if got := ask("enough"); got.Code == http.StatusUnauthorized || got.Code == http.StatusForbidden || got.Code >= 500 {
				t.Errorf("with exactly %v: %d %s", r.needs, got.Code, got.Body)
			}
			for _, permission := range r.needs {
				rest := slices.DeleteFunc(slices.Clone(everything), func(one string) bool { return one == permission })
				forbidden(p.caller(t, "without-"+permission, capabilities(inAll, rest...)), permission)
			}
			if len(r.needs) > 0 {
				elsewhere := strings.ReplaceAll(capabilities(inAll, r.needs...), `{"all":{}}}}`, `{"all":{}}},"projectUrlNames":{"urlNames":["other"]}}`)
				forbidden(p.caller(t, "elsewhere", elsewhere), r.needs[0])
				forbidden(p.caller(t, "narrow", capabilities(`{"datasetScope":{"ids":[1]}}`, r.needs...)), r.needs[0])
				forbidden(p.caller(t, "case", strings.ReplaceAll(capabilities(inAll, r.needs...), "Acl", "ACL")), r.needs[0])
			}
			if got := ask("nobody").Code; got != http.StatusUnauthorized {
				t.Errorf("without a token: %d", got)
			}
		})
	}
}

// Who belongs to no group is no member of the project.
func TestNoMember(t *testing.T) {
	t.Parallel()
	for id, r := range rights {
		p := newProject(t, cdf.Options{})
		if err := p.AddClient(cdf.Client{ID: "stranger", SourceIDs: []string{"", "unknown"}}); err != nil {
			t.Fatal(err)
		}
		// A group whose sourceId is not set is not that of who has an empty claim.
		if _, err := p.AddGroup([]byte(`{"name":"none"}`)); err != nil {
			t.Fatal(err)
		}
		want := http.StatusUnauthorized
		switch {
		case strings.HasPrefix(r.send, "GET //api/v1/token"), strings.HasSuffix(r.send, "//api/v1/projects"):
			want = http.StatusForbidden
		case strings.Contains(r.send, "principals"):
			want = http.StatusOK
		}
		if got := p.do(t, "stranger", p.request(t, r.send, r.body)); got.Code != want {
			t.Errorf("%s: %d, want %d: %s", id, got.Code, want, got.Body)
		}
	}
}

// A principal belongs to a group by a claim, by its id, or as one of all users.
func TestMembership(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	if err := p.AddClient(cdf.Client{ID: "client", SourceIDs: []string{"a", "b"}}); err != nil {
		t.Fatal(err)
	}
	if err := p.AddUser(cdf.User{ID: "user", SourceIDs: []string{"b"}}); err != nil {
		t.Fatal(err)
	}
	for _, group := range []string{
		`{"name":"by a claim","sourceId":"b"}`, `{"name":"by another","sourceId":"c"}`, `{"name":"by case","sourceId":"B"}`,
		`{"name":"client","members":["x","client"]}`, `{"name":"user","members":["user"]}`, `{"name":"nobody","members":[]}`,
		`{"name":"users","members":"allUserAccounts"}`, `{"name":"both","sourceId":"a","members":["user"]}`,
	} {
		if _, err := p.AddGroup([]byte(group)); err != nil {
			t.Fatal(err)
		}
	}
	for caller, want := range map[string][]string{
		"client": {"by a claim", "client", "both"},
		"user":   {"by a claim", "user", "users", "both"},
	} {
		if diff := cmp.Diff(want, p.groupNames(t, caller, "/groups")); diff != "" {
			t.Errorf("groups of %s (-want +got):\n%s", caller, diff)
		}
	}
}

// groupNames lists groups and returns their names.
func (p *project) groupNames(tb testing.TB, caller, path string) []string {
	tb.Helper()
	var names []string
	answered, isObject := decode(tb, p.do(tb, caller, p.request(tb, "GET "+path, "")).Body.String()).(map[string]any)
	items, isList := answered["items"].([]any)
	if !isObject || !isList {
		tb.Fatalf("%s: no list: %v", path, answered)
	}
	for _, item := range items {
		group, isGroup := item.(map[string]any)
		name, isText := group["name"].(string)
		if !isGroup || !isText {
			tb.Fatalf("%s: no group: %v", path, item)
		}
		names = append(names, name)
	}
	return names
}

// Some rights hold for the caller's own groups alone, or for single categories.
func TestNarrowRights(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	const own = `{"currentuserscope":{}}`
	p.caller(t, "own", capabilities(own, "groupsAcl:LIST", "groupsAcl:DELETE", "groupsAcl:CREATE"))
	p.caller(t, "other", "[]")
	p.converse(t, exchange{send: "GET /groups?all=true", want: ""})
	for _, path := range []string{"/groups", "/groups?all=true"} {
		if diff := cmp.Diff([]string{"own"}, p.groupNames(t, "own", path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	lacks := func(permission string) string {
		return errorOf(403, "Forbidden: the caller lacks the capability "+permission)
	}
	p.converse(t,
		exchange{as: "own", send: "POST /groups", body: `{"items":[{"name":"g"}]}`, status: 403, want: lacks("groupsAcl:CREATE")},
		exchange{as: "own", send: "POST /groups/delete", body: `{"items":["#2","#3"]}`, status: 403, want: lacks("groupsAcl:DELETE")},
		exchange{as: "own", send: "POST /groups/delete", body: `{"items":["#2"]}`, want: `{}`},
		exchange{as: "own", send: "GET /groups", status: 401},

		exchange{send: "POST /securitycategories", body: `{"items":[{"name":"a"},{"name":"b"},{"name":"c"}]}`},
	)
	some := p.fill(t, `{"idscope":{"ids":["#5","#4",7]}}`)
	p.caller(t, "some", capabilities(some, "securityCategoriesAcl:LIST", "securityCategoriesAcl:DELETE", "securityCategoriesAcl:CREATE"))
	p.caller(t, "misspelt", capabilities(strings.Replace(some, "idscope", "idScope", 1), "securityCategoriesAcl:LIST"))
	p.converse(t,
		exchange{as: "some", send: "GET /securitycategories", want: `{"items":[{"id":"#4","name":"a"},{"id":"#5","name":"b"}]}`},
		exchange{as: "misspelt", send: "GET /securitycategories", status: 403, want: lacks("securityCategoriesAcl:LIST")},
		exchange{as: "some", send: "POST /securitycategories", body: `{"items":[{"name":"d"}]}`, status: 403},
		exchange{as: "some", send: "POST /securitycategories/delete", body: `{"items":["#4","#6"]}`, status: 403, want: lacks("securityCategoriesAcl:DELETE")},
		exchange{as: "some", send: "POST /securitycategories/delete", body: `{"items":["#4"]}`, want: `{}`},
		exchange{as: "some", send: "POST /securitycategories/delete", body: `{"items":["#5",7]}`, status: 400,
			want: `{"error":{"code":400,"message":"there are no security categories with these ids","missing":[{"id":7}]}}`},
	)
}
