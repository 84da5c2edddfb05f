// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"fmt"
	"testing"
)

// BenchmarkDecide decides one request over ten policies of ten statements.
func BenchmarkDecide(b *testing.B) {
	policies := make([]policy, 10)
	for i := range policies {
		for j := range 10 {
			policies[i].Statements = append(policies[i].Statements, statement{
				Action:    []string{"fs:Read*", "auth:List*"},
				Effect:    effectAllow,
				Resource:  fmt.Sprintf("arn:lakefs:fs:::repository/r%d-%d/*", i, j),
				Condition: condition{"IpAddress": {"SourceIp": {"10.0.0.0/8"}}},
			})
		}
	}
	language := rules{conditions: true, resourceLists: true}
	about := attributes{sourceIP: "10.1.2.3"}
	required := need{action: "fs:ReadObject", resource: "arn:lakefs:fs:::repository/r9-9/object/a"}
	for b.Loop() {
		if v := language.decide(policies, "u", about, required); v.outcome != allow {
			b.Fatalf("outcome %d", v.outcome)
		}
	}
}
