// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// The provider decides as this server does, although the two share no code: what is proven of
// the one by enumeration holds for the other.
func TestDecideAgreesWithTheProvider(t *testing.T) {
	t.Parallel()
	pick := func(texts ...string) *rapid.Generator[string] { return rapid.SampledFrom(texts) }
	words := rapid.OneOf(
		pick("*", "${user}", "arn:lakefs:fs:::a", "arn:lakefs:fs:::*", "arn:lakefs:fs:eu::a", "arn:lakefs:fs::1:a", "arn:lakefs:auth:::user/${user}", "arn:aws:fs:::a", "arn:lakefs:fs:::a:b", "arn:lakefs:fs", "", "[", "[]"),
		rapid.Map(rapid.StringOfN(rapid.SampledFrom([]rune("ab*?€é/:")), 0, 5, -1), func(id string) string { return "arn:lakefs:fs:::" + id }),
	)
	resources := rapid.OneOf(words, rapid.Map(rapid.SliceOfN(words, 0, 3), func(list []string) string { return lakefspolicy.EncodeResources(list) }))
	actions := pick("fs:ReadObject", "fs:Read*", "*", "fs:*", "fs:?eadObject", "auth:*", "auth:ReadUser", "fs:Read*t", "")
	conditions := rapid.OneOf(rapid.Just(lakefspolicy.Condition(nil)), rapid.Custom(func(t *rapid.T) lakefspolicy.Condition {
		operator := pick("IpAddress", "NotIpAddress", "StringLike", "StringEquals", "Bool", "DateGreaterThan").Draw(t, "operator")
		field := pick("SourceIp", "sourceip", "User").Draw(t, "field")
		return lakefspolicy.Condition{operator: {field: rapid.SliceOfN(pick("10.0.0.0/8", "10.1.2.3", "300.1.1.1", "10.*", "", "::1"), 0, 2).Draw(t, "values")}}
	}))
	everywhere := rules{conditions: true, resourceLists: true}
	rapid.Check(t, func(t *rapid.T) {
		var ours []policy
		var theirs []lakefspolicy.Policy
		for i := range rapid.IntRange(0, 3).Draw(t, "policies") {
			id := fmt.Sprintf("p%d", i)
			mine, its := policy{ID: id}, lakefspolicy.Policy{ID: id}
			for range rapid.IntRange(1, 3).Draw(t, "statements") {
				effect := pick("allow", "allow", "deny").Draw(t, "effect")
				list := rapid.SliceOfN(actions, 1, 2).Draw(t, "actions")
				resource, holds := resources.Draw(t, "resource"), conditions.Draw(t, "condition")
				mine.Statements = append(mine.Statements, statement{Effect: effect, Action: list, Resource: resource, Condition: condition(holds)})
				its.Statements = append(its.Statements, lakefspolicy.StoredStatement{Effect: effect, Actions: list, Resource: resource, Condition: holds})
			}
			ours, theirs = append(ours, mine), append(theirs, its)
		}
		for _, user := range []string{"a", "b*"} {
			for _, action := range []string{"fs:ReadObject", "fs:WriteObject", "auth:ReadUser"} {
				for _, resource := range []string{"*", "arn:lakefs:fs:::a", "arn:lakefs:fs:::ab", "arn:lakefs:fs:::€", "arn:lakefs:fs:::a/b", "arn:lakefs:auth:::user/a", "arn:lakefs:auth:::user/b*", "arn:lakefs:fs:::a:b"} {
					for _, address := range []string{"10.1.2.3", "192.0.2.1", "::1"} {
						got := everywhere.decide(ours, user, attributes{"SourceIp": address}, need{action: action, resource: resource}).outcome
						want := lakefspolicy.Decide(theirs, lakefspolicy.Request{User: user, Action: action, Resource: resource, Context: map[string]string{"SourceIp": address}})
						if [...]string{"neutral", "allow", "deny"}[got] != want.String() {
							t.Fatalf("%s asks for %s on %q from %s: the server says %d, the provider %s, of %+v", user, action, resource, address, got, want, theirs)
						}
					}
				}
			}
		}
	})
}
