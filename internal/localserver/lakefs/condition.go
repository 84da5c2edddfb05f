// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"errors"
	"maps"
	"net"
	"slices"
	"strings"
)

// condition is the condition of a statement: operator, field, accepted values.
type condition map[string]map[string][]string

// attributes are the facts about a request that conditions may ask for. The
// API supplies one, SourceIp.
type attributes map[string]string

// sourceIP is the only field that lakeFS knows about a request.
const sourceIP = "SourceIp"

// errCondition means that a condition cannot be evaluated; lakeFS then refuses
// the whole request, whatever the other statements say.
var errCondition = errors.New("the condition cannot be evaluated")

// operators are the condition operators of lakeFS. Every other name is an error.
var operators = map[string]struct {
	matches func(actual string, accepted []string) (bool, error)
	negated bool
	// needsValue skips the statement when the field is there but empty.
	needsValue bool
}{
	"IpAddress":     {matches: matchAddress, needsValue: true},
	"NotIpAddress":  {matches: matchAddress, needsValue: true, negated: true},
	"StringLike":    {matches: matchAnyGlob},
	"StringNotLike": {matches: matchAnyGlob, negated: true},
}

// stored is the condition as it comes back from the store, which does not tell
// an empty list from none.
func (c condition) stored() condition {
	if len(c) == 0 {
		return nil
	}
	kept := make(condition, len(c))
	for operator, fields := range c {
		kept[operator] = make(map[string][]string, len(fields))
		for field, values := range fields {
			if len(values) == 0 {
				values = nil
			}
			kept[operator][field] = values
		}
	}
	return kept
}

// holds reports whether every operator and every field of the condition is
// satisfied. Operators and fields are visited in the order of their names; the
// real server visits them in random order, which only shows when one of them is
// false and another one is an error.
func (c condition) holds(about attributes) (bool, error) {
	for _, name := range slices.Sorted(maps.Keys(c)) {
		operator, known := operators[name]
		if !known {
			return false, errCondition
		}
		fields := c[name]
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			actual, present := about[field]
			if !present || operator.needsValue && actual == "" {
				return false, nil
			}
			matched, err := operator.matches(actual, fields[field])
			if err != nil || matched == operator.negated {
				return false, err
			}
		}
	}
	return true, nil
}

// matchAddress reports whether actual is one of the accepted addresses or lies
// in one of the accepted networks. A value that is neither is an error only
// when the search gets that far.
func matchAddress(actual string, accepted []string) (bool, error) {
	address := net.ParseIP(actual)
	if address == nil {
		return false, errCondition
	}
	for _, value := range accepted {
		value = strings.TrimSpace(value)
		if _, network, err := net.ParseCIDR(value); err == nil {
			if network.Contains(address) {
				return true, nil
			}
			continue
		}
		single := net.ParseIP(value)
		if single == nil {
			return false, errCondition
		}
		if single.Equal(address) {
			return true, nil
		}
	}
	return false, nil
}

func matchAnyGlob(actual string, accepted []string) (bool, error) {
	return slices.ContainsFunc(accepted, func(pattern string) bool { return globMatch(pattern, actual) }), nil
}
