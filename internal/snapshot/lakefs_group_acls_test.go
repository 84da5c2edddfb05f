// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

const setListed = "POST /auth/groups/listed/acl"

var (
	readACL  = lakefsapi.ACL{Permission: "Read"}
	writeACL = lakefsapi.ACL{Permission: "Write"}
)

// newACLWorld has a group "listed" with an access control list; the zero value is none.
func newACLWorld(t *testing.T, acl lakefsapi.ACL) *world {
	t.Helper()
	w := newWorld(t, localserver.Options{RBAC: "external"})
	_, err := w.beside.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "listed"})
	must(t, err)
	if acl.Permission != "" {
		must(t, w.beside.SetGroupACL(t.Context(), "listed", acl))
	}
	return w
}

// wantACL fails unless the server has the list.
func (w *world) wantACL(t *testing.T, want lakefsapi.ACL) {
	t.Helper()
	got, err := w.beside.GetGroupACL(t.Context(), "listed")
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ACL (-want +got):\n%s", diff)
	}
}

func TestGetGroupACL(t *testing.T) {
	t.Parallel()
	w := newACLWorld(t, readACL)
	for group, want := range map[string]lakefsapi.ACL{"listed": readACL, "gone": {}, "a+b": {}} {
		got, found, err := w.GetGroupACL(t.Context(), group)
		if err != nil || got != want || found != (want.Permission != "") {
			t.Errorf("%s: got %v, %t, %v, want %v", group, got, found, err, want)
		}
	}
	if _, _, err := w.GetGroupACL(t.Context(), "Admins"); !lakefsapi.IsNoACL(err) {
		t.Errorf("of a group with policies: got error %v", err)
	}
}

// The path of an id with "+" leads to the list of another group.
func TestGroupACLOfAnotherGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{RBAC: "external"})
	for _, id := range []string{"a b", "a+b"} {
		_, err := w.beside.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: id})
		must(t, err)
	}
	must(t, w.beside.SetGroupACL(t.Context(), "a b", readACL))
	var still *snapshot.StillListedError
	if _, found, err := w.GetGroupACL(t.Context(), "a+b"); found || !errors.As(err, &still) {
		t.Errorf("read: got %t, error %v", found, err)
	}
	if err := w.UpdateGroupACL(t.Context(), "a+b", writeACL); !errors.As(err, &still) {
		t.Errorf("update: got error %v", err)
	}
	if err := w.CreateGroupACL(t.Context(), "a+b", writeACL); !errors.As(err, &still) {
		t.Errorf("create: got error %v", err)
	}
	acl, err := w.beside.GetGroupACL(t.Context(), "a b")
	if err != nil || acl != readACL {
		t.Errorf("the other group has %v, error %v", acl, err)
	}
}

// What is there is not taken over, also where it is what is wanted, unless this process has
// let it go.
func TestCreateGroupACL(t *testing.T) {
	t.Parallel()
	w := newACLWorld(t, lakefsapi.ACL{})
	must(t, w.CreateGroupACL(t.Context(), "listed", readACL))
	w.wantACL(t, readACL)
	var claimed *snapshot.ClaimedError
	if err := w.CreateGroupACL(t.Context(), "listed", writeACL); !errors.As(err, &claimed) {
		t.Errorf("second create: got error %v, want a ClaimedError", err)
	}
	w.ReleaseGroupACL("listed")
	w.wantACL(t, readACL)
	must(t, w.CreateGroupACL(t.Context(), "listed", writeACL))
	w.wantACL(t, writeACL)

	other := newACLWorld(t, readACL)
	var exists *snapshot.ExistsError
	if err := other.CreateGroupACL(t.Context(), "listed", readACL); !errors.As(err, &exists) || *exists != (snapshot.ExistsError{Kind: "group ACL", ID: "listed"}) {
		t.Errorf("of a list that is there: got error %v", err)
	}
	if err := other.CreateGroupACL(t.Context(), "Admins", readACL); !lakefsapi.IsNoACL(err) {
		t.Errorf("of a group with policies: got error %v", err)
	}
	if err := other.CreateGroupACL(t.Context(), "gone", readACL); !lakefsapi.IsNotFound(err) {
		t.Errorf("of a group that is gone: got error %v", err)
	}
}

// A write whose answer is lost is sent again unless the list is as wanted. The list that was
// there before, which this process has let go, does not pass for it.
func TestGroupACLWithLostAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		happen happening
		writes int
	}{
		"lost after commit":         {lose(true, io.ErrUnexpectedEOF), 1},
		"lost before commit":        {lose(false, io.ErrUnexpectedEOF), 2},
		"bad gateway before commit": {badGateway(false), 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newACLWorld(t, readACL)
			w.network.breaks(fault{request: setListed, times: 1, happen: test.happen})
			must(t, w.UpdateGroupACL(t.Context(), "listed", writeACL))
			w.wantACL(t, writeACL)

			replaced := newACLWorld(t, readACL)
			replaced.ReleaseGroupACL("listed")
			replaced.network.breaks(fault{request: setListed, times: 1, happen: test.happen})
			must(t, replaced.CreateGroupACL(t.Context(), "listed", writeACL))
			replaced.wantACL(t, writeACL)
			for _, sent := range [][]string{w.network.requests(setListed), replaced.network.requests(setListed)} {
				if len(sent) != test.writes {
					t.Errorf("sent %v, want %d", sent, test.writes)
				}
			}
		})
	}
}

// Policies that a group has got meanwhile are not taken from it.
func TestUpdateGroupACLOfAGroupWithPolicies(t *testing.T) {
	t.Parallel()
	w := newACLWorld(t, readACL)
	must(t, w.beside.AttachPolicyToGroup(t.Context(), "listed", "FSReadAll"))
	if err := w.UpdateGroupACL(t.Context(), "listed", writeACL); !lakefsapi.IsNoACL(err) {
		t.Errorf("got error %v", err)
	}
	if sent := w.network.requests(setListed); len(sent) != 0 {
		t.Errorf("something was written: %v", sent)
	}
}

// What was known of the policies of a group is not after its list was set.
func TestGroupACLChangesThePolicies(t *testing.T) {
	t.Parallel()
	w := newACLWorld(t, lakefsapi.ACL{})
	listed := snapshot.Principal{GroupID: "listed"}
	const policy = "ACL(_-_)listed"
	there := func() bool {
		t.Helper()
		attached, err := w.GetPolicyAttachment(t.Context(), listed, policy)
		must(t, err)
		_, found, err := w.GetPolicy(t.Context(), policy)
		must(t, err)
		return attached && found
	}
	if there() {
		t.Fatal("there is a policy before")
	}
	must(t, w.CreateGroupACL(t.Context(), "listed", readACL))
	if !there() {
		t.Error("there is no policy afterwards")
	}
}

func TestCheckACLs(t *testing.T) {
	t.Parallel()
	for rbac, works := range map[string]bool{"simplified": true, "external": true, "internal": false, "none": false} {
		w := newWorld(t, localserver.Options{RBAC: rbac})
		for range 2 {
			err := w.CheckACLs(t.Context())
			var none *snapshot.NoACLsError
			if errors.As(err, &none) == works || !works && none.RBAC != rbac {
				t.Errorf("%s: got error %v", rbac, err)
			}
		}
		if sent := w.network.requests("GET /setup_lakefs"); len(sent) != 1 {
			t.Errorf("%s: asked %d times", rbac, len(sent))
		}
	}
	silent := newWorld(t, localserver.Options{RBAC: "internal"})
	silent.network.breaks(fault{request: "GET /setup_lakefs", times: -1, happen: answer(http.StatusNotFound, "nothing here")})
	must(t, silent.CheckACLs(t.Context()))
}

// A principal of another user is in the way.
func TestExternalPrincipalOfAnotherUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{ExternalPrincipals: true})
	_, err := w.beside.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "other"})
	must(t, err)
	must(t, w.beside.CreateUserExternalPrincipal(t.Context(), "other", principalARN, lakefsapi.ExternalPrincipalCreation{}))
	if _, found, err := w.GetExternalPrincipal(t.Context(), "admin", principalARN); found || err != nil {
		t.Errorf("read: got %t, error %v", found, err)
	}
	err = w.CreateExternalPrincipal(t.Context(), lakefsapi.ExternalPrincipal{ID: principalARN, UserID: "admin"})
	var exists *snapshot.ExistsError
	if !errors.As(err, &exists) || exists.ID != "other/"+principalARN {
		t.Errorf("create: got error %v", err)
	}
	must(t, w.DeleteExternalPrincipal(t.Context(), "admin", principalARN))
	if _, found, err := w.GetExternalPrincipal(t.Context(), "other", principalARN); !found || err != nil {
		t.Errorf("afterwards the other one is there: %t, error %v", found, err)
	}
}
