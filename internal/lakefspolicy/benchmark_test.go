// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"fmt"
	"strings"
	"testing"
)

// benchmarkStatements gives statements as large installations have them: a few kinds of access to many
// repositories, branches and objects, one in ten a deny, one in ten with a condition.
func benchmarkStatements(n, shift int) []Statement {
	actions := [][]string{
		{"fs:Read*", "fs:List*"}, {"fs:*"}, {"fs:ReadObject", "fs:WriteObject", "fs:DeleteObject"}, {"fs:*Tag", "fs:*Branch"}, {"auth:Read*"},
	}
	statements := make([]Statement, n)
	for i := range statements {
		number := i + shift
		repository := fmt.Sprintf("arn:lakefs:fs:::repository/team-%d-data", number)
		s := Statement{Effect: EffectAllow, Actions: actions[i%len(actions)], Resources: []string{repository, repository + "/*"}}
		switch i % 10 {
		case 3:
			s.Resources = []string{"arn:lakefs:fs:::repository/*/branch/" + fmt.Sprint(number)}
		case 4:
			s.Resources = []string{fmt.Sprintf("arn:lakefs:auth:::user/%d-*", number)}
		case 7:
			s.Effect = EffectDeny
			s.Resources = []string{repository + "/object/secret/*"}
		case 8:
			s.Condition = Condition{"IpAddress": {"SourceIp": {"10.0.0.0/8"}}}
		}
		statements[i] = s
	}
	return statements
}

// BenchmarkPermissionLines is what each plan of a policy does.
func BenchmarkPermissionLines(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			statements := benchmarkStatements(n, 0)
			b.ReportAllocs()
			for b.Loop() {
				PermissionLines(statements, "")
			}
		})
	}
}

// BenchmarkMissing compares as many desired as existing statements, of which half cover each other.
func BenchmarkMissing(b *testing.B) {
	for _, n := range []int{250, 500, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			existing, desired := benchmarkStatements(n, 0), benchmarkStatements(n, n/2)
			b.ReportAllocs()
			for b.Loop() {
				if len(Missing(existing, desired, "someone")) == 0 {
					b.Fatal("nothing is missing")
				}
			}
		})
	}
}

// BenchmarkDifference changes one statement of many.
func BenchmarkDifference(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			before, after := benchmarkStatements(n, 0), benchmarkStatements(n, 0)
			after[1].Actions = []string{"fs:Read*"}
			b.ReportAllocs()
			for b.Loop() {
				if d := Difference(before, after, ""); len(d.Revoked) == 0 || len(d.Granted) > 0 {
					b.Fatal(d)
				}
			}
		})
	}
}

// tangled gives patterns made for long searches: all stars, each a little different.
func tangled(patterns, stars int, letters string) []Statement {
	statements := make([]Statement, patterns)
	for i := range statements {
		var id strings.Builder
		for star := range stars {
			id.WriteByte('*')
			id.WriteByte(letters[(i*7+star*(i%5+1))%len(letters)])
			if (i+star)%4 == 0 {
				id.WriteByte('?')
			}
		}
		statements[i] = Statement{Effect: EffectAllow, Actions: []string{"fs:ReadObject"}, Resources: []string{"arn:lakefs:fs:::" + id.String() + "*"}}
	}
	return statements
}

// BenchmarkCoverTangled asks for what needs a search to the limit.
func BenchmarkCoverTangled(b *testing.B) {
	for _, letters := range []string{"ab", "abcdefghijklmnopqrst"} {
		for _, desired := range []string{"*", strings.Repeat("*a?b", 10) + "*", strings.Repeat("*?a", 20)} {
			b.Run(fmt.Sprintf("%d-letters/%.8s", len(letters), desired), func(b *testing.B) {
				statements := tangled(50, 20, letters)
				b.ReportAllocs()
				var got Coverage
				for b.Loop() {
					got = Cover(statements, Permission{"fs:ReadObject", "arn:lakefs:fs:::" + desired}, CoverOptions{User: "u"})
				}
				b.ReportMetric(float64(got.Answer), "answer")
			})
		}
	}
}

// BenchmarkDecide decides one request.
func BenchmarkDecide(b *testing.B) {
	policies := storedPolicies(benchmarkStatements(1000, 0))
	request := Request{User: "u", Action: "fs:ReadObject", Resource: "arn:lakefs:fs:::repository/team-500-data/object/a"}
	b.ReportAllocs()
	for b.Loop() {
		Decide(policies, request)
	}
}
