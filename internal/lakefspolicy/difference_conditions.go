// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
)

// regionsByAssignment gives for each region, by its text, the assignments under which it changes.
type regionsByAssignment map[string]*assignedRegion

type assignedRegion struct {
	region
	assignments map[uint]bool
}

func (r regionsByAssignment) add(regions []region, assignment uint) {
	for _, one := range regions {
		key := one.key()
		if r[key] == nil {
			r[key] = &assignedRegion{region: one, assignments: map[uint]bool{}}
		}
		r[key].assignments[assignment] = true
	}
}

// changes writes each region once for each combination of conditions that it takes.
func (r regionsByAssignment) changes(conditions []string) []regionChange {
	var list []regionChange
	for _, key := range slices.Sorted(maps.Keys(r)) {
		for _, condition := range describeAssignments(r[key].assignments, conditions) {
			list = append(list, regionChange{region: r[key].region, condition: condition})
		}
	}
	return list
}

// describeAssignments writes a set of assignments as few combinations of conditions that hold or do not hold.
func describeAssignments(set map[uint]bool, conditions []string) []string {
	all := uint(1)<<len(conditions) - 1
	left := maps.Clone(set)
	var texts []string
	// Combinations of few conditions first: those that fix few bits.
	fixed := make([]uint, 0, all+1)
	for mask := range all + 1 {
		fixed = append(fixed, mask)
	}
	slices.SortStableFunc(fixed, func(a, b uint) int { return bits.OnesCount(a) - bits.OnesCount(b) })
	for _, mask := range fixed {
		for value := mask; ; value = (value - 1) & mask {
			if combination := assignmentsOf(mask, value, all); within(combination, set) && touches(combination, left) {
				texts = append(texts, describeCombination(mask, value, conditions))
				maps.DeleteFunc(left, func(assignment uint, _ bool) bool { return combination[assignment] })
			}
			if value == 0 {
				break
			}
		}
	}
	return texts
}

// assignmentsOf gives the assignments whose bits in a mask are those of a value.
func assignmentsOf(mask, value, all uint) map[uint]bool {
	set := map[uint]bool{}
	for assignment := range all + 1 {
		if assignment&mask == value {
			set[assignment] = true
		}
	}
	return set
}

func describeCombination(mask, value uint, conditions []string) string {
	var parts []string
	for i, condition := range conditions {
		switch bit := uint(1) << i; {
		case mask&bit == 0:
		case value&bit != 0:
			parts = append(parts, condition)
		default:
			parts = append(parts, "not ("+condition+")")
		}
	}
	return strings.Join(parts, " and ")
}
