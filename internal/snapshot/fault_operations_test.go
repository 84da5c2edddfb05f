// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// matrixOperation is one operation of the snapshots in the fault matrix.
type matrixOperation struct {
	name, class string
	// aim is the request that the fault happens to; with a star at its end all that
	// begin so.
	aim string
	// id is what an error of it names.
	id string
	// prepare makes what the operation needs, past the faults; nil is nothing.
	prepare func(context.Context, *faultWorld) error
	run     func(context.Context, *faultWorld) error
	// count counts the objects that the operation is about, of which there should be
	// want afterwards; nil where it changes none.
	count func(context.Context, *faultWorld) (int, error)
	want  int
}

// countOf counts the items of a listing that are wanted.
func countOf[T any](items iter.Seq2[T, error], wanted func(T) bool) (int, error) {
	count := 0
	for item, err := range items {
		if err != nil {
			return 0, err
		}
		if wanted(item) {
			count++
		}
	}
	return count, nil
}

var (
	everything = lakefsapi.ListOptions{}
	admins     = snapshot.Principal{GroupID: "Admins"}
	admin      = snapshot.Principal{UserID: "admin"}
)

// counts are how objects of the lakeFS creations are counted, by their names.
var counts = map[string]func(context.Context, *faultWorld) (int, error){
	"user": func(ctx context.Context, w *faultWorld) (int, error) {
		return countOf(w.besideLakeFS.ListUsers(ctx, everything), func(u lakefsapi.User) bool { return u.ID == "new" })
	},
	"group": func(ctx context.Context, w *faultWorld) (int, error) {
		return countOf(w.besideLakeFS.ListGroups(ctx, everything), func(g lakefsapi.Group) bool { return g.ID == "new" })
	},
	"external principal": func(ctx context.Context, w *faultWorld) (int, error) {
		return countOf(w.besideLakeFS.ListUserExternalPrincipals(ctx, "admin", everything), func(p lakefsapi.ExternalPrincipal) bool { return p.ID == principalARN })
	},
	"policy": countNewPolicy,
	"group membership": func(ctx context.Context, w *faultWorld) (int, error) {
		return countOf(w.besideLakeFS.ListGroupMembers(ctx, "Viewers", everything), func(u lakefsapi.User) bool { return u.ID == "admin" })
	},
	"policy attachment of a user": func(ctx context.Context, w *faultWorld) (int, error) {
		return countOf(w.besideLakeFS.ListUserPolicies(ctx, "admin", false, everything), isFSReadAll)
	},
	"policy attachment of a group": func(ctx context.Context, w *faultWorld) (int, error) {
		return countOf(w.besideLakeFS.ListGroupPolicies(ctx, "Admins", everything), isFSReadAll)
	},
}

func countNewPolicy(ctx context.Context, w *faultWorld) (int, error) {
	return countOf(w.besideLakeFS.ListPolicies(ctx, everything), func(p lakefsapi.Policy) bool { return p.ID == "new" })
}

func isFSReadAll(p lakefsapi.Policy) bool { return p.ID == "FSReadAll" }

// matrixOperations are all kinds of operations of both snapshots.
var matrixOperations = buildMatrixOperations()

func buildMatrixOperations() []matrixOperation {
	var made []matrixOperation
	deletes := map[string]string{
		"user": "DELETE /auth/users/new", "group": "DELETE /auth/groups/new", "policy": "DELETE /auth/policies/new",
		"group membership":             "DELETE /auth/groups/Viewers/members/admin",
		"policy attachment of a user":  "DELETE /auth/users/admin/policies/FSReadAll",
		"policy attachment of a group": "DELETE /auth/groups/Admins/policies/FSReadAll",
		"external principal":           "DELETE /auth/users/admin/external/principals",
	}
	ids := map[string]string{"group membership": "admin", "policy attachment of a user": "FSReadAll", "policy attachment of a group": "FSReadAll", "external principal": principalARN}
	for _, c := range creations {
		aim, there := deletes[c.name]
		if !there {
			continue // the group with a generated id is made and found in the same way
		}
		id := "new"
		if of, edge := ids[c.name]; edge {
			id = of
		}
		beside := func(ctx context.Context, w *faultWorld) error { return c.beside(ctx, w.besideLakeFS) }
		made = append(made, matrixOperation{
			name: "create " + c.name, class: isCreate, aim: c.write, id: id, count: counts[c.name], want: 1,
			run: func(ctx context.Context, w *faultWorld) error { _, err := c.create(ctx, w.lakefs); return err },
		}, matrixOperation{
			name: "delete " + c.name, class: isDelete, aim: aim, id: id, count: counts[c.name], want: 0, prepare: beside,
			run: func(ctx context.Context, w *faultWorld) error { return c.remove(ctx, w.lakefs) },
		})
	}
	for i, c := range cdfCreations {
		count := func(ctx context.Context, w *faultWorld) (int, error) {
			found, err := c.list(ctx, w.besideCDF)
			return len(found), err
		}
		made = append(made, matrixOperation{
			name: "create " + c.kind, class: isCreate, aim: c.write, id: []string{"new", "new"}[i], count: count, want: 1,
			run: func(ctx context.Context, w *faultWorld) error { _, err := c.create(ctx, w.cdf); return err },
		}, matrixOperation{
			name: "delete " + c.kind, class: isDelete, aim: c.write + "/delete", count: count, want: 0,
			prepare: func(ctx context.Context, w *faultWorld) (err error) {
				w.made, err = c.beside(ctx, w.besideCDF)
				return err
			},
			run: func(ctx context.Context, w *faultWorld) error { return c.remove(ctx, w.cdf, w.made) },
		})
	}
	made = append(made, keyOperations...)
	made = append(made, updatePolicy)
	made = append(made, aclOperations...)
	return append(append(made, lakefsReads...), cdfReads...)
}

func prepareKey(ctx context.Context, w *faultWorld) error {
	key, err := w.besideLakeFS.CreateCredentials(ctx, "admin")
	w.keyID = key.AccessKeyID
	return err
}

// keyOperations are those of the keys of the administrator, who has one to begin with.
var keyOperations = []matrixOperation{
	{
		name: "create key", class: isKey, aim: "POST /auth/users/admin/credentials", id: "admin", want: 1,
		run: func(ctx context.Context, w *faultWorld) (err error) {
			_, w.orphans, err = w.lakefs.CreateCredentials(ctx, "admin")
			return err
		},
		count: func(ctx context.Context, w *faultWorld) (int, error) {
			count, err := countOf(w.besideLakeFS.ListUserCredentials(ctx, "admin", everything), func(lakefsapi.Credentials) bool { return true })
			return count - 1, err
		},
	},
	{
		name: "delete key", class: isDelete, aim: "DELETE /auth/users/admin/credentials/*", id: "admin", want: 0, prepare: prepareKey,
		run: func(ctx context.Context, w *faultWorld) error {
			return w.lakefs.DeleteCredentials(ctx, "admin", w.keyID)
		},
		count: func(ctx context.Context, w *faultWorld) (int, error) {
			return countOf(w.besideLakeFS.ListUserCredentials(ctx, "admin", everything), func(c lakefsapi.Credentials) bool { return c.AccessKeyID == w.keyID })
		},
	},
	{
		name: "read key", class: isPaged, aim: "GET /auth/users/admin/credentials", prepare: prepareKey,
		run: func(ctx context.Context, w *faultWorld) error {
			_, _, err := w.lakefs.GetCredentials(ctx, "admin", w.keyID)
			return err
		},
	},
}

var changed = []lakefsapi.Statement{{Effect: "allow", Action: []string{"fs:List*"}, Resource: "*"}}

// updatePolicy counts the policies that have the new statements.
var updatePolicy = matrixOperation{
	name: "update policy", class: isUpdate, aim: "PUT /auth/policies/new", id: "new", want: 1,
	prepare: func(ctx context.Context, w *faultWorld) error {
		_, err := w.besideLakeFS.CreatePolicy(ctx, readAll("new"))
		return err
	},
	run: func(ctx context.Context, w *faultWorld) error {
		_, err := w.lakefs.UpdatePolicy(ctx, "new", lakefsapi.Policy{ID: "new", Statement: changed})
		return err
	},
	count: func(ctx context.Context, w *faultWorld) (int, error) {
		return countOf(w.besideLakeFS.ListPolicies(ctx, everything), func(p lakefsapi.Policy) bool {
			return p.ID == "new" && len(p.Statement) == 1 && p.Statement[0].Action[0] == "fs:List*"
		})
	},
}

// prepareACL makes a group with an access control list, or without one when it is "".
func prepareACL(permission string) func(context.Context, *faultWorld) error {
	return func(ctx context.Context, w *faultWorld) error {
		_, err := w.besideLakeFS.CreateGroup(ctx, lakefsapi.GroupCreation{ID: "listed"})
		if err == nil && permission != "" {
			err = w.besideLakeFS.SetGroupACL(ctx, "listed", lakefsapi.ACL{Permission: permission})
		}
		return err
	}
}

// countWriters counts the access control lists that let write.
func countWriters(ctx context.Context, w *faultWorld) (int, error) {
	acl, err := w.besideLakeFS.GetGroupACL(ctx, "listed")
	if err != nil || acl.Permission != "Write" {
		return 0, err
	}
	return 1, nil
}

// aclOperations are those of the access control list of a group.
var aclOperations = []matrixOperation{
	{
		name: "create group ACL", class: isCreate, aim: "POST /auth/groups/listed/acl", id: "listed", want: 1,
		prepare: prepareACL(""), count: countWriters,
		run: func(ctx context.Context, w *faultWorld) error {
			return w.lakefs.CreateGroupACL(ctx, "listed", lakefsapi.ACL{Permission: "Write"})
		},
	},
	{
		name: "update group ACL", class: isUpdate, aim: "POST /auth/groups/listed/acl", id: "listed", want: 1,
		prepare: prepareACL("Read"), count: countWriters,
		run: func(ctx context.Context, w *faultWorld) error {
			return w.lakefs.UpdateGroupACL(ctx, "listed", lakefsapi.ACL{Permission: "Write"})
		},
	},
	{
		name: "read group ACL", class: isRead, aim: "GET /auth/groups/listed/acl", prepare: prepareACL("Read"),
		run: func(ctx context.Context, w *faultWorld) error { return wantThere(w.lakefs.GetGroupACL(ctx, "listed")) },
	},
}

var lakefsReads = []matrixOperation{
	{
		name: "read external principal", class: isRead, aim: "GET /auth/external/principals",
		prepare: func(ctx context.Context, w *faultWorld) error {
			return w.besideLakeFS.CreateUserExternalPrincipal(ctx, "admin", principalARN, lakefsapi.ExternalPrincipalCreation{})
		},
		run: func(ctx context.Context, w *faultWorld) error {
			return wantThere(w.lakefs.GetExternalPrincipal(ctx, "admin", principalARN))
		},
	},

	{name: "read user", class: isRead, aim: "GET /auth/users", run: func(ctx context.Context, w *faultWorld) error {
		return wantThere(w.lakefs.GetUser(ctx, "admin"))
	}},
	{name: "read group", class: isRead, aim: "GET /auth/groups/Admins", run: func(ctx context.Context, w *faultWorld) error {
		return wantThere(w.lakefs.GetGroup(ctx, "Admins"))
	}},
	{name: "read policy", class: isRead, aim: "GET /auth/policies/FSReadAll", run: func(ctx context.Context, w *faultWorld) error {
		return wantThere(w.lakefs.GetPolicy(ctx, "FSReadAll"))
	}},
	{name: "read group membership", class: isRead, aim: "GET /auth/groups/Admins/members", run: func(ctx context.Context, w *faultWorld) error {
		there, err := w.lakefs.GetGroupMembership(ctx, "Admins", "admin")
		return wantThere(there, there, err)
	}},
	{name: "read policy attachment of a user", class: isPaged, aim: "GET /auth/users/admin/policies", run: func(ctx context.Context, w *faultWorld) error {
		_, err := w.lakefs.GetPolicyAttachment(ctx, admin, "FSReadAll")
		return err
	}},
	{name: "read policy attachment of a group", class: isPaged, aim: "GET /auth/groups/Admins/policies", run: func(ctx context.Context, w *faultWorld) error {
		there, err := w.lakefs.GetPolicyAttachment(ctx, admins, "FSFullAccess")
		return wantThere(there, there, err)
	}},
	{name: "list policies", class: isRead, aim: "GET /auth/policies", run: func(ctx context.Context, w *faultWorld) error {
		_, err := countOf(w.lakefs.ListPolicies(ctx, everything), isFSReadAll)
		return err
	}},
	{name: "read current user", class: isRead, aim: "GET /user", run: func(ctx context.Context, w *faultWorld) error {
		_, err := w.lakefs.GetCurrentUser(ctx)
		return err
	}},
}

// wantThere makes an error of an object that is there and was not found.
func wantThere[T any](_ T, there bool, err error) error {
	if err == nil && !there {
		return errors.New("an object that is there was not found")
	}
	return err
}

var cdfReads = []matrixOperation{
	{
		name: "read CDF group", class: isPaged, aim: "GET " + cdfGroups,
		prepare: func(ctx context.Context, w *faultWorld) error {
			group, err := w.besideCDF.CreateGroup(ctx, cdfapi.GroupWrite{Name: "new", Capabilities: []byte(assetsReader)})
			w.made = group.ID
			return err
		},
		run: func(ctx context.Context, w *faultWorld) error { return wantThere(w.cdf.GetGroup(ctx, w.made)) },
	},
	{
		name: "read security category", class: isPaged, aim: "GET " + cdfCategories,
		prepare: func(ctx context.Context, w *faultWorld) error {
			category, err := w.besideCDF.CreateSecurityCategory(ctx, "new")
			w.made = category.ID
			return err
		},
		run: func(ctx context.Context, w *faultWorld) error {
			return wantThere(w.cdf.GetSecurityCategory(ctx, w.made))
		},
	},
	{name: "inspect token", class: isRead, aim: "GET /token/inspect", run: func(ctx context.Context, w *faultWorld) error {
		_, err := w.cdf.InspectToken(ctx)
		return err
	}},
	{name: "switch user profiles", class: isSwitch, aim: "POST /projects/local/update", run: func(ctx context.Context, w *faultWorld) error {
		_, err := w.cdf.SetUserProfilesEnabled(ctx, true)
		return err
	}},
	{name: "get a CDF token", class: isLogin, aim: "POST /oauth2/token", run: func(ctx context.Context, w *faultWorld) error {
		_, err := w.cdf.InspectToken(ctx)
		return err
	}},
}
