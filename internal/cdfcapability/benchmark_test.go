// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"fmt"
	"testing"
)

// benchmarkSize is how many permissions are held, and how many are desired.
const benchmarkSize = 100_000

// benchmarkEntries gives n permissions, of which about half are also in a list of
// another seed, over all kinds of values. An entry has perEntry permissions of one action each.
func benchmarkEntries(n, perEntry, seed int) []Capability {
	var list []Capability
	for i := 0; i < n; i += perEntry {
		c := Capability{Actions: []string{"READ"}}
		shape := (i / perEntry) % 4
		c.ACL = []string{"assetsAcl", "timeSeriesAcl", "dataModelsAcl", "rawAcl"}[shape]
		c.Scope.Name = []string{"datasetScope", "idscope", "spaceIdScope", "tableScope"}[shape]
		for j := range min(perEntry, n-i) {
			value := i + j + seed*n/2
			switch shape {
			case 0, 1:
				c.Scope.IDs = append(c.Scope.IDs, int64(value)*7919)
			case 2:
				c.Scope.Texts = append(c.Scope.Texts, fmt.Sprintf("space_%d", value))
			default:
				if c.Scope.Tables == nil {
					c.Scope.Tables = map[string][]string{}
				}
				database := fmt.Sprintf("database_%d", value/10)
				c.Scope.Tables[database] = append(c.Scope.Tables[database], fmt.Sprintf("table_%d", value))
			}
		}
		list = append(list, c)
	}
	return list
}

// BenchmarkMissing compares as many held as desired permissions: all in few entries,
// or each in an entry of its own, which is what Flatten makes. Twice the input must take about twice the time.
func BenchmarkMissing(b *testing.B) {
	for _, perEntry := range []int{1, 100} {
		for _, times := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("%d-per-entry/%dx", perEntry, times), func(b *testing.B) {
				existing := benchmarkEntries(times*benchmarkSize, perEntry, 0)
				desired := benchmarkEntries(times*benchmarkSize, perEntry, 1)
				b.ReportAllocs()
				for b.Loop() {
					if missing, _, err := Missing(existing, desired, Options{}); err != nil || len(missing) != times*benchmarkSize/2 {
						b.Fatal(len(missing), err)
					}
				}
			})
		}
	}
}

// BenchmarkMissingNothing is the usual case: everything is held.
func BenchmarkMissingNothing(b *testing.B) {
	list := benchmarkEntries(benchmarkSize, 1, 0)
	b.ReportAllocs()
	for b.Loop() {
		if missing, _, err := Missing(list, list, Options{}); err != nil || len(missing) > 0 {
			b.Fatal(len(missing), err)
		}
	}
}

// BenchmarkMissingFromJSON also reads both lists and writes the result.
func BenchmarkMissingFromJSON(b *testing.B) {
	for _, times := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("%dx", times), func(b *testing.B) {
			existing := []byte(encode(b, benchmarkEntries(times*benchmarkSize, 1, 0)))
			desired := []byte(encode(b, benchmarkEntries(times*benchmarkSize, 1, 1)))
			b.SetBytes(int64(len(existing) + len(desired)))
			b.ReportAllocs()
			for b.Loop() {
				held, err := ParseList(existing)
				if err != nil {
					b.Fatal(err)
				}
				wanted, err := ParseList(desired)
				if err != nil {
					b.Fatal(err)
				}
				missing, _, err := Missing(held, wanted, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := EncodeList(missing); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPermissionLines is what each plan of a group does, for a large one.
func BenchmarkPermissionLines(b *testing.B) {
	for _, entries := range []int{500, 1000, 2000} {
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			list := benchmarkEntries(entries, 1, 0)
			b.ReportAllocs()
			for b.Loop() {
				PermissionLines(list)
			}
		})
	}
}

// BenchmarkMerge joins entries of one permission each.
func BenchmarkMerge(b *testing.B) {
	for _, times := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("%dx", times), func(b *testing.B) {
			list := benchmarkEntries(times*benchmarkSize/10, 1, 0)
			b.ReportAllocs()
			for b.Loop() {
				Merge(list)
			}
		})
	}
}
