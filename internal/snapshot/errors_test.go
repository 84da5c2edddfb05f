// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

func TestErrors(t *testing.T) {
	t.Parallel()
	lost, unread := errors.New("connection lost"), errors.New("not permitted")
	for _, test := range []struct {
		err    error
		text   string
		causes []error
	}{
		{
			&snapshot.ExistsError{Kind: "group membership", ID: "analysts/etl"},
			`the group membership "analysts/etl" exists already`, nil,
		},
		{
			&snapshot.ClaimedError{Kind: "user", ID: "etl"},
			`another resource of this configuration manages the user "etl"`, nil,
		},
		{
			&snapshot.NoRBACError{Err: lost},
			`this lakeFS runs without role-based access control (its single user cannot be joined by others)`, []error{lost},
		},
		{
			&snapshot.NoACLsError{RBAC: "internal"},
			`this lakeFS does not work with access control lists of groups: its mode of access control (auth.ui_config.rbac) is "internal"`, nil,
		},
		{
			&snapshot.InvitationError{Err: lost},
			`the user was created, but the server could not send the invitation: connection lost`, []error{lost},
		},
		{
			&snapshot.StillListedError{Kind: "user", ID: "a+b"},
			`the user "a+b" is still listed, but the server cannot address it: current versions of lakeFS read the "+" of an id in a path as a space`, nil,
		},
		{
			&snapshot.UnresolvedError{Kind: "policy", ID: "p", Err: lost, Look: unread},
			`it is unknown whether the policy "p" was created: connection lost; looking for it failed: not permitted`, []error{lost, unread},
		},
		{
			&snapshot.UnreadableError{Kind: "policy", ID: "p", Err: lost},
			`the server reported that it created the policy "p", but its answer could not be used: connection lost`, []error{lost},
		},
		{
			&snapshot.UnreadableError{Kind: "policy", ID: "p", Err: lost, Look: unread},
			`the server reported that it created the policy "p", but its answer could not be used: connection lost; looking for it failed: not permitted`, []error{lost, unread},
		},
	} {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.text, test.err.Error()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			for _, cause := range test.causes {
				if !errors.Is(test.err, cause) {
					t.Errorf("%v is not among the causes", cause)
				}
			}
		})
	}
}
