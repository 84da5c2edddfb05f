// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// Each kind of error says what happened and what to do.
func TestExplain(t *testing.T) {
	t.Parallel()
	refused := &httpapi.Error{Operation: "deleteGroups", Method: http.MethodPost, Status: http.StatusForbidden, Message: "no"}
	lost := errors.New("the connection was lost")
	for name, test := range map[string]struct {
		err  error
		want []string
	}{
		"exists": {
			&snapshot.ExistsError{Kind: "CDF group", ID: "17", Name: "readers"},
			[]string{"The CDF group \"readers\" exists already, with the same content (id 17). An object that exists is never taken over", "to = iam_cdf_group.NAME\n    id = \"17\"", "create_before_destroy"},
		},
		"exists, by a name that looks like a template": {
			&snapshot.ExistsError{Kind: "security category", ID: `"${a}" %{b}`},
			[]string{"to = iam_cdf_security_category.NAME\n    id = " + `"\"$${a}\" %%{b}"`},
		},
		"claimed":    {&snapshot.ClaimedError{Kind: "security category", ID: "a"}, []string{`Another resource of this configuration manages the security category "a". Keep one of the two: they would undo each other.`}},
		"unresolved": {&snapshot.UnresolvedError{Kind: "CDF group", ID: "a", Err: lost, Look: refused}, []string{`It is unknown whether the CDF group "a" was created: the connection was lost`, "Check the project before you apply again"}},
		"unreadable": {&snapshot.UnreadableError{Kind: "CDF group", ID: "a", Err: lost}, []string{"its answer could not be used: the connection was lost. Check that the base URL is CDF itself. What exists by now is not taken over"}},
		"hidden": {
			&snapshot.HiddenError{Kind: "CDF group", ID: "17", Err: &snapshot.PartialListError{Operation: "listGroups"}},
			[]string{`The CDF group "17" is not among those that the caller can see`, "The state is left as it is. The operation needs groupsAcl:LIST in all. Add this to a group of the caller:", `acl     = "groupsAcl"`},
		},
		"unlisted": {
			&snapshot.UnlistedError{Kind: "CDF group", ID: "a", Err: &snapshot.PartialListError{Operation: "listGroups"}},
			[]string{`The CDF group "a" was not created, since the caller could neither see whether there is one like it nor read it back`, "The operation needs groupsAcl:LIST in all."},
		},
		"unseen namesakes": {
			&unseenNamesakesError{name: "a", ids: []int64{17}, err: &snapshot.PartialListError{Operation: "listGroups"}},
			[]string{`Of the groups that the caller can see, 17 has the name "a", but there may be others that it cannot see; use an id. The operation needs groupsAcl:LIST in all.`},
		},
		"ambiguous":     {&snapshot.AmbiguousError{Kind: "CDF group", Name: "a", IDs: []int64{1, 2}}, []string{"It is unknown which, if any", "ids [1 2]."}},
		"not permitted": {fmt.Errorf("deleting: %w", refused), []string{"not permitted. The operation needs groupsAcl:DELETE in all. Add this to a group of the caller:", "Server answer: deleting: deleteGroups"}},
		"not permitted, operation unknown": {
			&httpapi.Error{Operation: "inventGroups", Status: http.StatusForbidden, Message: "no"}, []string{"not permitted. \n\nServer answer: inventGroups"},
		},
		"rejected": {&httpapi.Error{Operation: "listGroups", Status: http.StatusUnauthorized, Message: "expired"}, []string{"CDF rejected the credentials. Check token, or client_id and client_secret", "expired"}},
		"left behind": {
			&leftBehindError{id: 2, old: 1, err: refused},
			[]string{"The group 2 is in place, but the group 1, which it replaces, could not be deleted: it still grants what it did, and the next apply deletes it. Why: not permitted. The operation needs groupsAcl:DELETE"},
		},
		"another": {errors.New("something broke"), []string{"Something broke."}},
	} {
		text := explain(test.err)
		for _, want := range test.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in:\n%s", name, want, text)
			}
		}
	}
	if behind := (&leftBehindError{id: 2, old: 1, err: refused}); !errors.Is(behind, refused) || !strings.HasSuffix(behind.Error(), refused.Error()) {
		t.Errorf("the error does not hold its cause: %v", behind)
	}
}
