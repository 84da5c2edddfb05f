// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// Of all lists that of administrators alone lets change lists. Who changes that of its own
// group is locked out, unless another group of it has one, too.
func TestLockoutGuardOfACLs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rbac, second string
		from, to     string
		outsider     bool
		locksOut     bool
	}{
		"lists":                      {rbac: "simplified", from: "Admin", to: "Super", locksOut: true},
		"lists, a second group":      {rbac: "simplified", second: "Admin", from: "Admin", to: "Super"},
		"lists, a lesser group":      {rbac: "simplified", second: "Super", from: "Admin", to: "Read", locksOut: true},
		"lists, another's group":     {rbac: "simplified", outsider: true, second: "Admin", from: "Admin", to: "Read"},
		"policies":                   {rbac: "external", from: "Admin", to: "Read", locksOut: true},
		"policies, a second group":   {rbac: "external", second: "Admin", from: "Admin", to: "Read"},
		"policies, another's group":  {rbac: "external", outsider: true, second: "Admin", from: "Admin", to: "Read"},
		"policies, no administrator": {rbac: "external", second: "Admin", from: "Write", to: "Read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := acctest.StartLocalLakeFS(t, localserver.Options{RBAC: test.rbac})
			key, secret := server.Caller(t, "boss")
			admin := acctest.NewDirect(t, server.Providers())
			groups := map[string]string{"analysts": test.from}
			if test.second != "" {
				groups["second"] = test.second
			}
			for group, permission := range groups {
				must(t, acctest.ErrorOf(server.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: group})))
				must(t, server.Client.SetGroupACL(t.Context(), group, lakefsapi.ACL{Permission: permission}))
				if group == "second" || !test.outsider {
					must(t, server.Client.AddGroupMembership(t.Context(), group, server.Name("boss")))
				}
			}
			prior, ok := admin.Import(aclType, "analysts")
			if !ok {
				t.Fatal(admin.Said())
			}
			direct := acctest.NewDirect(t, server.ProvidersAs(key, secret))
			direct.Plan(aclType, prior, acctest.Arguments{"group_id": "analysts", "permission": test.to})
			said := ""
			for _, diagnostic := range direct.Said() {
				said += diagnostic.Summary + ": " + diagnostic.Detail
			}
			lost, through := "auth:UpdatePolicy on arn:lakefs:auth:::policy/ACL(_-_)analysts", `through the access control list of its group "analysts"`
			locked := strings.Contains(said, "This change locks its caller out") && strings.Contains(said, lost) && strings.Contains(said, through)
			if locked != test.locksOut || !locked && said != "" {
				t.Errorf("locks out: %t, want %t; said %q", locked, test.locksOut, said)
			}
		})
	}
}

// What the guard cannot read it does not guess.
func TestLockoutGuardOfACLsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	broken := &outage{strikes: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/groups/Admins/acl") }}
	server := acctest.StartLocalLakeFS(t, localserver.Options{RBAC: "simplified", Middleware: broken.wrap})
	must(t, acctest.ErrorOf(server.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "analysts"})))
	setACL(t, server, "Admin")
	must(t, server.Client.AddGroupMembership(t.Context(), "analysts", "admin"))
	direct := acctest.NewDirect(t, server.Providers())
	prior, ok := direct.Import(aclType, "analysts")
	if !ok {
		t.Fatal(direct.Said())
	}
	broken.on.Store(true)
	direct.Plan(aclType, prior, acctest.Arguments{"group_id": "analysts", "permission": "Read"})
	said := ""
	for _, diagnostic := range direct.Said() {
		said += diagnostic.Summary + ": " + diagnostic.Detail
	}
	if !strings.HasPrefix(said, "Whether this plan locks out its caller cannot be told: iam_lakefs_group_acl") {
		t.Errorf("said %q", said)
	}
}

// Who deletes itself, or the key by which it comes, is locked out of a server with lists, too.
func TestLockoutGuardOfTheCallerOnAServerWithACLs(t *testing.T) {
	t.Parallel()
	server := startWithACLs(t)
	key, secret := server.Caller(t, "boss")
	boss := server.Name("boss")
	must(t, server.Client.AddGroupMembership(t.Context(), "Admins", boss))
	for typeName, id := range map[string]string{"iam_lakefs_user": boss, "iam_lakefs_credentials": boss + "/" + key} {
		direct := acctest.NewDirect(t, server.ProvidersAs(key, secret))
		prior, ok := direct.Import(typeName, id)
		if !ok {
			t.Fatal(direct.Said())
		}
		direct.Plan(typeName, prior, nil)
		said := ""
		for _, diagnostic := range direct.Said() {
			said += diagnostic.Summary + "; "
		}
		if !strings.Contains(said, "This change locks its caller out") {
			t.Errorf("%s: said %q", typeName, said)
		}
	}
}
