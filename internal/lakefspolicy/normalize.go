// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Equal reports whether two lists of statements consist of the same atoms. An atom
// is one action on one resource with one effect under one condition. So the order
// and repetition of anything, how atoms are spread over statements, and an empty
// condition in place of none make no difference. Patterns are compared as text:
// statements that differ only in that one pattern covers another are not equal.
func Equal(a, b []Statement) bool {
	return reflect.DeepEqual(Normalize(a), Normalize(b))
}

// Normalize returns the canonical form of the statements: the same for all lists
// that are Equal, sorted, and without repetition. Of each effect and condition the
// actions that share their resources are put together, or the resources that share
// their actions, whichever needs fewer statements. Statements without actions or
// without resources say nothing and are dropped. Nothing is shared with the input.
func Normalize(statements []Statement) []Statement {
	type scope struct{ effect, condition string }
	groups := map[scope][]Statement{}
	for _, s := range statements {
		key := scope{s.Effect, conditionKey(s.Condition)}
		groups[key] = append(groups[key], s)
	}
	byScope := func(a, b scope) int {
		return cmp.Or(cmp.Compare(a.effect, b.effect), cmp.Compare(a.condition, b.condition))
	}
	var normal []Statement
	for _, key := range slices.SortedFunc(maps.Keys(groups), byScope) {
		condition := groups[key][0].Condition
		for _, r := range mergeRectangles(groups[key]) {
			normal = append(normal, Statement{
				Effect:    key.effect,
				Actions:   r.actions,
				Resources: r.resources,
				Condition: normalCondition(condition),
			})
		}
	}
	return normal
}

// conditionKey gives equal text for conditions that differ only in the order and
// repetition of their values. Quoting keeps the parts apart.
func conditionKey(condition Condition) string {
	if len(condition) == 0 {
		return ""
	}
	var key strings.Builder
	for _, operator := range slices.Sorted(maps.Keys(condition)) {
		key.WriteString(strconv.Quote(operator) + "{")
		for _, field := range slices.Sorted(maps.Keys(condition[operator])) {
			key.WriteString(strconv.Quote(field) + "[")
			for _, value := range sortedSet(condition[operator][field]) {
				key.WriteString(strconv.Quote(value))
			}
			key.WriteString("]")
		}
		key.WriteString("}")
	}
	return key.String()
}

// normalCondition copies a condition with its values sorted, each once; nil if empty.
func normalCondition(condition Condition) Condition {
	if len(condition) == 0 {
		return nil
	}
	normal := make(Condition, len(condition))
	for operator, fields := range condition {
		normal[operator] = make(map[string][]string, len(fields))
		for field, values := range fields {
			normal[operator][field] = sortedSet(values)
		}
	}
	return normal
}

// sortedSet copies a list, sorted, each element once; never nil.
func sortedSet(list []string) []string {
	set := slices.Clone(nonNil(list))
	slices.Sort(set)
	return slices.Compact(set)
}

// rectangle is every one of its actions on every one of its resources, both sorted.
type rectangle struct {
	actions, resources []string
}

// mergeRectangles covers the atoms of statements of one effect and condition with
// rectangles that do not overlap. Both ways of grouping depend on the atoms only,
// and so does the choice between them, which makes the result canonical.
func mergeRectangles(statements []Statement) []rectangle {
	byResource := make([]relation, 0, len(statements))
	byAction := make([]relation, 0, len(statements))
	for _, s := range statements {
		if len(s.Actions) > 0 && len(s.Resources) > 0 {
			byResource = append(byResource, relation{keys: s.Resources, values: s.Actions})
			byAction = append(byAction, relation{keys: s.Actions, values: s.Resources})
		}
	}
	merged, transposed := groupKeys(byResource), groupKeys(byAction)
	rectangles := make([]rectangle, 0, min(len(merged), len(transposed)))
	if len(transposed) < len(merged) {
		for _, r := range transposed {
			rectangles = append(rectangles, rectangle{actions: r.keys, resources: r.values})
		}
	} else {
		for _, r := range merged {
			rectangles = append(rectangles, rectangle{actions: r.values, resources: r.keys})
		}
	}
	slices.SortFunc(rectangles, func(a, b rectangle) int {
		return cmp.Or(slices.Compare(a.actions, b.actions), slices.Compare(a.resources, b.resources))
	})
	return rectangles
}

// relation relates each of its keys to each of its values.
type relation struct {
	keys, values []string
}

// groupKeys joins relations and then puts the keys together that are related to
// exactly the same values. It never lists all pairs: 2,000 actions on 100 resources
// would be 200,000 of them. Instead it first puts the keys together that occur in
// exactly the same relations, and joins the values once for each such class.
func groupKeys(relations []relation) []relation {
	numbers, values := numberValues(relations)
	keysOf := map[string][]string{} // by the set of relations, later by the set of values
	for key, in := range relationsByKey(relations) {
		signature := string(in)
		keysOf[signature] = append(keysOf[signature], key)
	}
	grouped := map[string][]string{}
	for signature, keys := range keysOf {
		var union []uint32
		for _, r := range decodeNumbers(signature) {
			union = append(union, numbers[r]...)
		}
		slices.Sort(union)
		set := string(encodeNumbers(slices.Compact(union)))
		grouped[set] = append(grouped[set], keys...)
	}
	result := make([]relation, 0, len(grouped))
	for set, keys := range grouped {
		related := decodeNumbers(set)
		list := make([]string, len(related))
		for i, number := range related {
			list[i] = values[number]
		}
		slices.Sort(keys)
		result = append(result, relation{keys: keys, values: list})
	}
	return result
}

// numberValues numbers all values in sorted order and gives the numbers of each
// relation's values, so that sets of them are cheap to sort and to compare.
func numberValues(relations []relation) (numbers [][]uint32, values []string) {
	known := map[string]uint32{}
	for _, r := range relations {
		for _, value := range r.values {
			known[value] = 0
		}
	}
	values = slices.Sorted(maps.Keys(known))
	next := uint32(0)
	for _, value := range values {
		known[value] = next
		next++
	}
	numbers = make([][]uint32, len(relations))
	for i, r := range relations {
		for _, value := range r.values {
			numbers[i] = append(numbers[i], known[value])
		}
	}
	return numbers, values
}

// relationsByKey gives, for each key, the encoded numbers of the relations it is in.
func relationsByKey(relations []relation) map[string][]byte {
	in := map[string][]byte{}
	number := uint32(0)
	for _, r := range relations {
		encoded := encodeNumbers([]uint32{number})
		for _, key := range r.keys {
			// A key given twice must count once, or its class would not be its fellows'.
			if !bytes.HasSuffix(in[key], encoded) {
				in[key] = append(in[key], encoded...)
			}
		}
		number++
	}
	return in
}

// encodeNumbers gives bytes that can serve as the key of a map.
func encodeNumbers(numbers []uint32) []byte {
	encoded := make([]byte, 0, 4*len(numbers))
	for _, number := range numbers {
		encoded = binary.BigEndian.AppendUint32(encoded, number)
	}
	return encoded
}

// decodeNumbers is the inverse of encodeNumbers.
func decodeNumbers(encoded string) []uint32 {
	numbers := make([]uint32, 0, len(encoded)/4)
	for chunk := range slices.Chunk([]byte(encoded), 4) {
		numbers = append(numbers, binary.BigEndian.Uint32(chunk))
	}
	return numbers
}
