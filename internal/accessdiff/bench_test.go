// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"fmt"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// largeChange is the one of a company: each user is in two groups of many, each group has two policies,
// and a part of the memberships moves.
func largeChange(users, groups, policies, memberships, changed int) Change {
	var before, after World
	for i := range policies {
		actions := []string{"fs:ReadObject", "fs:ListObjects", "fs:ReadRepository"}
		if i%3 == 0 {
			actions = []string{"fs:*"}
		}
		statements := []lakefspolicy.Statement{
			{Effect: "allow", Actions: actions, Resources: []string{fmt.Sprintf("arn:lakefs:fs:::repository/r%d", i), fmt.Sprintf("arn:lakefs:fs:::repository/r%d/*", i)}},
		}
		switch i % 10 {
		case 0:
			statements = append(statements, lakefspolicy.Statement{Effect: "deny", Actions: []string{"fs:DeleteObject"}, Resources: []string{fmt.Sprintf("arn:lakefs:fs:::repository/r%d/object/raw/*", i)}})
		case 5:
			statements = append(statements, lakefspolicy.Statement{Effect: "allow", Actions: []string{"auth:*Credentials"}, Resources: []string{"arn:lakefs:auth:::user/${user}"}})
		}
		before.Policies = append(before.Policies, Policy{Key: fmt.Sprintf("p%d", i), Statements: statements})
		before.Attachments = append(before.Attachments, Attachment{Policy: fmt.Sprintf("p%d", i), Group: fmt.Sprintf("g%d", i%groups)})
	}
	for i := range users {
		before.Users = append(before.Users, User{Key: fmt.Sprintf("u%d", i)})
	}
	after = before
	for i := range memberships {
		m := Membership{User: fmt.Sprintf("u%d", i%users), Group: fmt.Sprintf("g%d", (i*7+i/users)%groups)}
		before.Memberships = append(before.Memberships, m)
		if i < changed {
			m.Group = fmt.Sprintf("g%d", (i*7+i/users+13)%groups)
			m.Origin = Origin{Address: fmt.Sprintf("iam_lakefs_group_membership.this[%q]", m.User), Action: ActionReplaced}
		}
		after.Memberships = append(after.Memberships, m)
	}
	return Change{Server: "iam", Before: before, After: after}
}

func BenchmarkCompare(b *testing.B) {
	for name, change := range map[string]Change{
		"company": largeChange(10_000, 500, 1_000, 20_000, 5_000),
		"typical": largeChange(60, 10, 20, 100, 10),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if report := Compare(change); len(report.Principals) == 0 {
					b.Fatal("nothing changes")
				}
			}
		})
	}
}
