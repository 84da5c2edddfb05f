// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// This file tests what all types have in common when something vanishes just
// before Terraform deletes it.

// ahead carries out every delete once more, before the provider's own arrives.
type ahead struct {
	mu       sync.Mutex
	statuses map[int]bool
}

// wrap is a middleware of the local server.
func (a *ahead) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodDelete {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(httptest.NewRecorder(), r)
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		a.mu.Lock()
		a.statuses[answer.Code] = true
		a.mu.Unlock()
		w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

func TestAccLakefs_destroyOfGone(t *testing.T) {
	t.Parallel()
	others := &ahead{statuses: map[int]bool{}}
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: others.wrap, GroupIDs: os.Getenv("IAM_ACC_GROUP_IDS")})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy: resource.ComposeTestCheckFunc(
			userIsGone(t, lakefs, "gone"), groupIsGone(t, lakefs, "gone"), keysAre(t, lakefs, "gone")),
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf(groupWithEdges, "gone", "") +
				"resource \"iam_lakefs_credentials\" \"test\" {\n  user_id = iam_lakefs_user.test.id\n}\n" +
				"resource \"iam_lakefs_policy_attachment\" \"user\" {\n  user_id = iam_lakefs_user.test.id\n  policy_id = iam_lakefs_policy.test.id\n}\n",
			ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionCreate),
		}},
	})
	// lakeFS answers 204 to the removal of an edge that is gone.
	wanted := map[int]bool{http.StatusNotFound: true, http.StatusNoContent: true}
	if diff := cmp.Diff(wanted, others.statuses); diff != "" {
		t.Errorf("answers to deletes (-want +got):\n%s", diff)
	}
}
