// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

func TestSecurityCategories(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	taken := `{"error":{"code":409,"message":"security categories with these names exist already","duplicated":[{"name":"a"},{"name":"b"}]}}`
	p.converse(t,
		exchange{send: "GET /securitycategories", want: `{"items":[]}`},
		// A name that comes twice counts once.
		exchange{send: "POST /securitycategories", body: `{"items":[{"name":"a"},{"name":"b"},{"name":"a"}]}`,
			want: `{"items":[{"id":"#1","name":"a"},{"id":"#2","name":"b"}]}`},
		// All or none.
		exchange{send: "POST /securitycategories", body: `{"items":[{"name":"c"},{"name":"b"},{"name":"a"}]}`, status: 409, want: taken},
		exchange{send: "POST /securitycategories", body: `{"items":[{"name":"c"},{"name":""}]}`, status: 400,
			want: errorOf(400, "items[1].name is required and must not be empty")},
		exchange{send: "POST /securitycategories", body: `{"items":["c"]}`, status: 400},
		exchange{send: "POST /securitycategories", body: `{"items":[{"name":"A"}]}`, want: `{"items":[{"id":"#3","name":"A"}]}`},
		exchange{send: "POST /securitycategories/delete", body: `{"items":["#1",7,"#2",8]}`, status: 400,
			want: `{"error":{"code":400,"message":"there are no security categories with these ids","missing":[{"id":7},{"id":8}]}}`},
		exchange{send: "GET /securitycategories", want: `{"items":[{"id":"#1","name":"a"},{"id":"#2","name":"b"},{"id":"#3","name":"A"}]}`},
		exchange{send: "POST /securitycategories/delete", body: `{"items":["#2","#3"]}`, want: `{}`},
		exchange{send: "GET /securitycategories?sort=ASC", want: `{"items":[{"id":"#1","name":"a"}]}`},
		exchange{send: "POST /securitycategories/delete", body: `{"items":["#2"]}`, status: 400},
		exchange{send: "POST /securitycategories/delete", body: `{"items":[{"id":"#1"}]}`, status: 400},
		// A name is free again, under a new id.
		exchange{send: "POST /securitycategories", body: `{"items":[{"name":"b"}]}`, want: `{"items":[{"id":"#4","name":"b"}]}`},
		exchange{send: "GET /securitycategories?sort=desc", status: 400, want: errorOf(400, `sort is "desc": use ASC or DESC`)},
	)
}

func TestSecurityCategoryLimit(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	var names []string
	for i := range 999 {
		names = append(names, fmt.Sprintf(`{"name":"c%d"}`, i))
	}
	p.converse(t,
		exchange{send: "POST /securitycategories", body: `{"items":[` + strings.Join(names, ",") + `]}`},
		exchange{send: "POST /securitycategories", body: `{"items":[{"name":"x"},{"name":"y"}]}`, status: 400,
			want: errorOf(400, "the project has reached its limit of 1000 security categories")},
		exchange{send: "POST /securitycategories", body: `{"items":[{"name":"x"}]}`},
		exchange{send: "POST /securitycategories", body: `{"items":[{"name":"y"}]}`, status: 400},
	)
}
