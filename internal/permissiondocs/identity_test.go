// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		facts entity.Facts
		want  string
	}{
		"a number, not its name": {
			entity.Facts{TypeName: "iam_x", Identity: []string{"id"}, Imports: []entity.ImportForm{{Pattern: "{id}", Example: "17"}, {Pattern: "{name...}", Example: "readers"}}},
			"```terraform\nimport {\n  to = iam_x.example\n  identity = {\n    id = \"17\"\n  }\n}\n```",
		},
		"each form": {
			entity.Facts{TypeName: "iam_y", Identity: []string{"policy_id", "user_id", "group_id"}, Imports: []entity.ImportForm{
				{Pattern: "group/{group_id}/{policy_id}", Example: "group/analysts/Read"}, {Pattern: "user/{user_id}/{policy_id}", Example: "user/etl/Read"},
			}},
			"```terraform\nimport {\n  to = iam_y.example\n  identity = {\n    policy_id = \"Read\"\n    group_id  = \"analysts\"\n  }\n}\n\n" +
				"import {\n  to = iam_y.example\n  identity = {\n    policy_id = \"Read\"\n    user_id   = \"etl\"\n  }\n}\n```",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, importByIdentity(test.facts)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
