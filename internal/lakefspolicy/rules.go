// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"encoding/binary"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// rule is a statement prepared for calculation.
type rule struct {
	deny bool
	// condition is the canonical text of the condition; empty: none.
	condition string
	resources []*resourcePattern
}

// ruleSet is a list of statements prepared for calculation.
type ruleSet struct {
	rules []rule
	// byAction gives the numbers of the rules with an action pattern, ascending.
	byAction map[string][]uint32
	patterns []string // sorted keys of byAction
	// failing are the canonical texts of conditions that may be impossible to evaluate, whereupon
	// lakeFS denies every request; denyAll is true where that is sure, whatever the request.
	failing map[string]bool
	denyAll bool
	views   map[string]*view
}

// newRuleSet prepares statements. A user of "" is not known.
func newRuleSet(statements []Statement, user string) *ruleSet {
	set := &ruleSet{byAction: map[string][]uint32{}, failing: map[string]bool{}, views: map[string]*view{}}
	known := map[string]*resourcePattern{}
	for _, s := range statements {
		condition := readCondition(s.Condition)
		if condition.fails {
			set.failing[condition.text] = true
		}
		emptyResource := len(s.Resources) == 1 && s.Resources[0] == ""
		if _, err := s.Condition.holds(nil); err != nil || emptyResource && condition.text == "" {
			set.denyAll = true
		}
		if emptyResource {
			set.failing["empty resource "+condition.text] = true
		}
		r := rule{deny: s.Effect == EffectDeny, condition: condition.text}
		for _, resource := range s.Resources {
			p := known[resource]
			if p == nil {
				parsed := parsePattern(resource, user)
				p = &parsed
				known[resource] = p
			}
			if p.kind != never {
				r.resources = append(r.resources, p)
			}
		}
		if condition.never || len(r.resources) == 0 {
			continue
		}
		number := uint32(len(set.rules)) //nolint:gosec // nobody has four billion statements
		set.rules = append(set.rules, r)
		for _, action := range s.Actions {
			action = withoutDoubleStars(action)
			if numbers := set.byAction[action]; len(numbers) == 0 || numbers[len(numbers)-1] != number {
				set.byAction[action] = append(numbers, number)
			}
		}
	}
	set.patterns = slices.Sorted(maps.Keys(set.byAction))
	return set
}

// view is what a rule set says about one action: resource patterns by condition.
type view struct {
	allow, deny map[string][]*resourcePattern
}

// viewOf gives what the rules say about an action, given which action patterns match it. Actions
// that the same rules match share a view.
func (set *ruleSet) viewOf(matches func(pattern string) bool) *view {
	var numbers []uint32
	for _, pattern := range set.patterns {
		if matches(pattern) {
			numbers = append(numbers, set.byAction[pattern]...)
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	key := make([]byte, 0, 4*len(numbers))
	for _, number := range numbers {
		key = binary.BigEndian.AppendUint32(key, number)
	}
	if v := set.views[string(key)]; v != nil {
		return v
	}
	v := &view{allow: map[string][]*resourcePattern{}, deny: map[string][]*resourcePattern{}}
	for _, number := range numbers {
		r := &set.rules[number]
		side := v.allow
		if r.deny {
			side = v.deny
		}
		side[r.condition] = append(side[r.condition], r.resources...)
	}
	for _, side := range []map[string][]*resourcePattern{v.allow, v.deny} {
		for condition, list := range side {
			side[condition] = distinct(list)
		}
	}
	set.views[string(key)] = v
	return v
}

// allows decides as the server does, for one resource and caller of whom no condition holds.
func (v *view) allows(resource, user string) bool {
	matches := func(p *resourcePattern) bool { return p.matches(resource, user) }
	return slices.ContainsFunc(v.allow[""], matches) && !slices.ContainsFunc(v.deny[""], matches)
}

// distinct sorts patterns and gives each text once.
func distinct(list []*resourcePattern) []*resourcePattern {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b *resourcePattern) int { return strings.Compare(a.text, b.text) })
	return slices.CompactFunc(list, func(a, b *resourcePattern) bool { return a.text == b.text })
}

// under gives the patterns that hold without a condition and those under the given one.
func under(side map[string][]*resourcePattern, condition string) []*resourcePattern {
	if condition == "" || len(side[condition]) == 0 {
		return side[""]
	}
	return slices.Concat(side[""], side[condition])
}

// conditionReading is what a condition means.
type conditionReading struct {
	// text is canonical and empty for no condition.
	text string
	// never is true where the condition cannot hold, fails where it may be impossible to evaluate.
	never, fails bool
}

// readCondition reads a condition. Known operators without fields limit nothing.
func readCondition(condition Condition) conditionReading {
	var reading conditionReading
	var texts []string
	for _, operator := range slices.Sorted(maps.Keys(condition)) {
		known := slices.Contains(conditionOperators, operator)
		fields := condition[operator]
		if !known {
			reading.fails = true
			if len(fields) == 0 {
				texts = append(texts, quoteWord(operator))
			}
		}
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			values := sortedSet(fields[field])
			if slices.Contains(addressOperators, operator) {
				reading.fails = reading.fails || slices.ContainsFunc(values, func(value string) bool {
					_, err := parseNetwork(value)
					return err != nil
				})
			}
			if known && len(values) == 0 && !strings.Contains(operator, "Not") {
				reading.never = true
			}
			for i, value := range values {
				values[i] = quoteWord(value)
			}
			texts = append(texts, quoteWord(operator)+" "+quoteWord(field)+" in "+strings.Join(values, ", "))
		}
	}
	reading.never = reading.never && !reading.fails
	reading.text = strings.Join(texts, " and ")
	return reading
}

// quoteWord quotes what could be misread within a line.
func quoteWord(text string) string {
	if text == "" || text == "in" || text == "and" || strings.ContainsFunc(text, func(r rune) bool {
		return r == '"' || r == ',' || r == '\\' || r == utf8Error || !strconv.IsPrint(r) || r == ' '
	}) {
		return strconv.Quote(text)
	}
	return text
}

// utf8Error is what stands for bytes that are no text; quoting keeps them apart.
const utf8Error = '\uFFFD'
