// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"fmt"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// beforeList checks what a plan says a list was before the change.
type beforeList struct {
	address, argument string
	want              []any
}

// before makes the check.
func before(address, argument string, want ...string) plancheck.PlanCheck {
	check := beforeList{address: address, argument: argument}
	for _, id := range want {
		check.want = append(check.want, id)
	}
	return check
}

// CheckPlan compares the two.
func (c beforeList) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address != c.address {
			continue
		}
		object, _ := change.Change.Before.(map[string]any)
		if diff := cmp.Diff(any(c.want), object[c.argument]); diff != "" {
			resp.Error = fmt.Errorf("%s.%s before the change (-want +got):\n%s", c.address, c.argument, diff)
		}
		return
	}
	resp.Error = fmt.Errorf("the plan has no change of %s", c.address)
}
