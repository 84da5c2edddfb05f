// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNormalize(t *testing.T) {
	t.Parallel()
	office := Condition{"IpAddress": {"SourceIp": {"10.0.0.0/8", "::1", "10.0.0.0/8"}}}
	tests := map[string]struct{ in, want []Statement }{
		"nothing": {nil, nil},
		"statements that say nothing": {
			[]Statement{{Effect: EffectAllow, Actions: []string{"a"}}, {Effect: EffectAllow, Resources: []string{"r"}}},
			nil,
		},
		"order and repetition": {
			[]Statement{{Effect: EffectAllow, Actions: []string{"b", "a", "b"}, Resources: []string{"s", "r", "s"}, Condition: Condition{}}},
			[]Statement{{Effect: EffectAllow, Actions: []string{"a", "b"}, Resources: []string{"r", "s"}}},
		},
		"split over actions": {
			[]Statement{
				{Effect: EffectAllow, Actions: []string{"b"}, Resources: []string{"r", "s"}},
				{Effect: EffectAllow, Actions: []string{"a"}, Resources: []string{"s", "r"}},
			},
			[]Statement{{Effect: EffectAllow, Actions: []string{"a", "b"}, Resources: []string{"r", "s"}}},
		},
		"split over resources, with an overlap": {
			[]Statement{
				{Effect: EffectAllow, Actions: []string{"a", "b"}, Resources: []string{"s"}},
				{Effect: EffectAllow, Actions: []string{"a"}, Resources: []string{"r"}},
				{Effect: EffectAllow, Actions: []string{"b"}, Resources: []string{"r", "s"}},
			},
			[]Statement{{Effect: EffectAllow, Actions: []string{"a", "b"}, Resources: []string{"r", "s"}}},
		},
		"fewer statements by action": {
			[]Statement{
				{Effect: EffectAllow, Actions: []string{"a", "b"}, Resources: []string{"r"}},
				{Effect: EffectAllow, Actions: []string{"a", "c"}, Resources: []string{"s"}},
				{Effect: EffectAllow, Actions: []string{"a", "b", "c"}, Resources: []string{"t"}},
				{Effect: EffectAllow, Actions: []string{"a"}, Resources: []string{"u"}},
			},
			[]Statement{
				{Effect: EffectAllow, Actions: []string{"a"}, Resources: []string{"r", "s", "t", "u"}},
				{Effect: EffectAllow, Actions: []string{"b"}, Resources: []string{"r", "t"}},
				{Effect: EffectAllow, Actions: []string{"c"}, Resources: []string{"s", "t"}},
			},
		},
		"effects and conditions stay apart": {
			[]Statement{
				{Effect: EffectDeny, Actions: []string{"a"}, Resources: []string{"r"}},
				{Effect: EffectAllow, Actions: []string{"a"}, Resources: []string{"r"}, Condition: office},
				{Effect: EffectAllow, Actions: []string{"a"}, Resources: []string{"r"}},
			},
			[]Statement{
				{Effect: EffectAllow, Actions: []string{"a"}, Resources: []string{"r"}},
				{Effect: EffectAllow, Actions: []string{"a"}, Resources: []string{"r"}, Condition: Condition{"IpAddress": {"SourceIp": {"10.0.0.0/8", "::1"}}}},
				{Effect: EffectDeny, Actions: []string{"a"}, Resources: []string{"r"}},
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, Normalize(test.in)); diff != "" {
				t.Errorf("normal form (-want +got):\n%s", diff)
			}
			if !Equal(test.in, test.want) {
				t.Error("not Equal to its normal form")
			}
		})
	}
}

func TestEqualTellsApart(t *testing.T) {
	t.Parallel()
	base := Statement{
		Effect: EffectAllow, Actions: []string{"a"}, Resources: []string{"r"},
		Condition: Condition{"IpAddress": {"SourceIp": {"x"}}},
	}
	changes := map[string]func(*Statement){
		"effect":         func(s *Statement) { s.Effect = EffectDeny },
		"action":         func(s *Statement) { s.Actions = []string{"b"} },
		"more actions":   func(s *Statement) { s.Actions = []string{"a", "b"} },
		"resource":       func(s *Statement) { s.Resources = []string{"s"} },
		"no condition":   func(s *Statement) { s.Condition = nil },
		"operator":       func(s *Statement) { s.Condition = Condition{"NotIpAddress": {"SourceIp": {"x"}}} },
		"field":          func(s *Statement) { s.Condition = Condition{"IpAddress": {"Sourceip": {"x"}}} },
		"value":          func(s *Statement) { s.Condition = Condition{"IpAddress": {"SourceIp": {"y"}}} },
		"more values":    func(s *Statement) { s.Condition = Condition{"IpAddress": {"SourceIp": {"x", "y"}}} },
		"no values":      func(s *Statement) { s.Condition = Condition{"IpAddress": {"SourceIp": {}}} },
		"no fields":      func(s *Statement) { s.Condition = Condition{"IpAddress": {}} },
		"quoted values":  func(s *Statement) { s.Condition = Condition{"IpAddress": {"SourceIp": {`x""y`}}} },
		"more operators": func(s *Statement) { s.Condition = Condition{"IpAddress": {"SourceIp": {"x"}}, "StringLike": {}} },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := base
			change(&changed)
			if Equal([]Statement{base}, []Statement{changed}) {
				t.Errorf("%+v and %+v are Equal", base, changed)
			}
		})
	}
}

// smallStatement draws from so few names that overlaps are the rule.
var smallStatement = rapid.Custom(func(t *rapid.T) Statement {
	name := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	return Statement{
		Effect:    rapid.SampledFrom([]string{EffectAllow, EffectDeny}).Draw(t, "effect"),
		Actions:   rapid.SliceOfN(name, 0, 4).Draw(t, "actions"),
		Resources: rapid.SliceOfN(name, 0, 4).Draw(t, "resources"),
		Condition: rapid.SampledFrom([]Condition{
			nil, {}, {"O": {}}, {"O": {"F": {"x", "y"}}}, {"O": {"F": {"y", "x", "x"}}}, {"O": {"F": {"x"}}},
		}).Draw(t, "condition"),
	}
})

// atoms is the definition of Equal: what statements consist of, spelt out.
func atoms(statements []Statement) map[string]bool {
	set := map[string]bool{}
	for _, s := range statements {
		for _, action := range s.Actions {
			for _, resource := range s.Resources {
				set[fmt.Sprintf("%q %q %q %v", s.Effect, action, resource, normalCondition(s.Condition))] = true
			}
		}
	}
	return set
}

func TestEqualMeansEqualAtoms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(smallStatement, 0, 4).Draw(t, "a")
		b := rapid.SliceOfN(smallStatement, 0, 4).Draw(t, "b")
		if got, want := Equal(a, b), maps.Equal(atoms(a), atoms(b)); got != want {
			t.Fatalf("Equal is %v, the atoms say %v", got, want)
		}
	})
}

func TestNormalizeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		statements := rapid.SliceOfN(smallStatement, 0, 6).Draw(t, "statements")
		normal := Normalize(statements)
		if diff := cmp.Diff(atoms(statements), atoms(normal)); diff != "" {
			t.Fatalf("atoms (-given +normal):\n%s", diff)
		}
		if diff := cmp.Diff(normal, Normalize(normal)); diff != "" {
			t.Fatalf("normalized twice (-once +twice):\n%s", diff)
		}
		rewritten := rewrite(t, statements)
		if diff := cmp.Diff(normal, Normalize(rewritten)); diff != "" {
			t.Fatalf("the normal form of %v differs (-given +rewritten):\n%s", rewritten, diff)
		}
	})
}

// rewrite says the same in other words: split, shuffled and with repetition.
func rewrite(t *rapid.T, statements []Statement) []Statement {
	var parts []Statement
	for _, s := range statements {
		cut := rapid.IntRange(0, len(s.Actions)).Draw(t, "cut")
		left, right := s, s
		left.Actions, right.Actions = s.Actions[:cut], s.Actions[cut:]
		parts = append(parts, left, right)
		if rapid.Bool().Draw(t, "repeat") {
			parts = append(parts, s)
		}
	}
	for i := range parts {
		parts[i].Resources = rapid.Permutation(parts[i].Resources).Draw(t, "resources")
	}
	return rapid.Permutation(parts).Draw(t, "order")
}

func TestNormalizeSharesNothing(t *testing.T) {
	t.Parallel()
	given := []Statement{{Effect: EffectAllow, Actions: []string{"b", "a"}, Resources: []string{"s", "r"}, Condition: Condition{"O": {"F": {"y", "x"}}}}}
	normal := Normalize(given)
	normal[0].Actions[0], normal[0].Resources[0] = "changed", "changed"
	normal[0].Condition["O"]["F"][0] = "changed"
	want := []Statement{{Effect: EffectAllow, Actions: []string{"b", "a"}, Resources: []string{"s", "r"}, Condition: Condition{"O": {"F": {"y", "x"}}}}}
	if diff := cmp.Diff(want, given); diff != "" {
		t.Errorf("input after a change of the output (-want +got):\n%s", diff)
	}
}

func FuzzNormalize(f *testing.F) {
	f.Add([]byte(inStatement(`"effect":"allow","action":["fs:*","b"],"resource":"[\"x\",\"*\"]","condition":{"":{}}`)))
	f.Add([]byte(inStatement(`"effect":"deny","action":["fs:*","fs:*"],"resource":"*","condition":{"A":{"B":["2","1"]}}`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		document, err := ParseDocument(text)
		if err != nil {
			return
		}
		normal := Normalize(document.Statements)
		if !Equal(document.Statements, normal) {
			t.Error("not Equal to its normal form")
		}
		slices.Reverse(document.Statements)
		if diff := cmp.Diff(normal, Normalize(document.Statements)); diff != "" {
			t.Errorf("normal form of the reverse (-want +got):\n%s", diff)
		}
	})
}

func names(prefix string, count int) []string {
	list := make([]string, count)
	for i := range list {
		list[i] = fmt.Sprintf("%s%06d", prefix, i)
	}
	return list
}

func BenchmarkNormalize(b *testing.B) {
	actions, resources := names("fs:Action", 2000), names("arn:lakefs:fs:::repository/r", 100)
	whole := []Statement{{Effect: EffectAllow, Actions: actions, Resources: resources}}
	var perResource, perAtom, distinct []Statement
	for i, resource := range resources {
		perResource = append(perResource, Statement{Effect: EffectAllow, Actions: actions[i:], Resources: []string{resource}})
		for _, action := range actions {
			perAtom = append(perAtom, Statement{Effect: EffectAllow, Actions: []string{action}, Resources: []string{resource}})
		}
	}
	for i, name := range names("n", 20_000) {
		distinct = append(distinct, Statement{Effect: EffectAllow, Actions: []string{name}, Resources: names("r", i%3+1)})
	}
	for name, statements := range map[string][]Statement{
		"2000 actions x 100 resources": whole,
		"100 statements that overlap":  perResource,
		"200000 statements of 1 atom":  perAtom,
		"20000 distinct statements":    distinct,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Normalize(statements)
			}
		})
	}
}
