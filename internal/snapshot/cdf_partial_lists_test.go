// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// Where no group in the list grants to list all, the caller's token tells whether
// the list is whole.
func TestCDFRightToListFromElsewhere(t *testing.T) {
	t.Parallel()
	const prefix = `{"subject":"me","projects":[],"capabilities":[{"groupsAcl":{"actions":["LIST"],"scope":`
	for name, test := range map[string]struct {
		status     int
		inspection string
		hidden     bool
	}{
		"of the project":            {inspection: prefix + `{"all":{}}},"projectScope":{"projects":["other","local"]}}]}`},
		"of all projects":           {inspection: prefix + `{"all":{}}},"projectScope":{"allProjects":{}}}]}`},
		"of another project":        {inspection: prefix + `{"all":{}}},"projectScope":{"projects":["other"]}}]}`, hidden: true},
		"of no project":             {inspection: prefix + `{"all":{}}},"projectScope":{}}]}`, hidden: true},
		"of an unreadable project":  {inspection: prefix + `{"all":{}}},"projectScope":7}]}`, hidden: true},
		"of its own groups":         {inspection: prefix + `{"currentuserscope":{}}},"projectScope":{"projects":["local"]}}]}`, hidden: true},
		"unreadable":                {inspection: `{"subject":"me","projects":[],"capabilities":{"groupsAcl":1}}`, hidden: true},
		"that may not be inspected": {status: http.StatusForbidden, inspection: `{"error":{"code":403,"message":"no"}}`, hidden: true},
		"of a token without groups": {inspection: `{"subject":"me","projects":[],"capabilities":[]}`, hidden: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCDFWorld(t, localserver.Options{})
			w.network.breaks(fault{request: "GET " + cdfGroups, times: -1, happen: reply(false, http.StatusOK, "application/json", `{"items":[{"id":1,"name":"a"}]}`)})
			w.network.breaks(fault{request: "GET /token/inspect", times: -1, happen: reply(false, max(test.status, http.StatusOK), "application/json", test.inspection)})
			if group, found, err := w.GetGroup(t.Context(), 1); err != nil || !found || group.Name != "a" {
				t.Errorf("a group of the list: got %v, %t and error %v", group, found, err)
			}
			_, found, err := w.GetGroup(t.Context(), 2)
			_, hidden := errors.AsType[*snapshot.HiddenError](err)
			if found || hidden != test.hidden || (err != nil) != test.hidden {
				t.Errorf("a group that is not in it: found %t, error %v, want hidden %t", found, err, test.hidden)
			}
		})
	}
}
