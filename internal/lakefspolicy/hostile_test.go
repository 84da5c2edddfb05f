// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// bearable is how long a comparison of hostile policies may take on a machine that is busy
// with other tests. Most take milliseconds; without limits some would take for ever.
const bearable = time.Minute

// TestHostilePolicies compares policies that are made to be slow, or too deep, to compare:
// whoever may write a policy on the server could have every plan hang.
func TestHostilePolicies(t *testing.T) {
	t.Parallel()
	few, many := tangled(80, 25, "ab"), tangled(50, 20, "abcdefghijklmnopqrst")
	stars := []Statement{{Effect: EffectAllow, Actions: []string{"*"}, Resources: []string{"arn:lakefs:fs:::" + strings.Repeat("*a?", 3000) + "b"}}}
	denied := append(tangled(50, 15, "abc"), Statement{Effect: EffectDeny, Actions: []string{"*o*e*"}, Resources: []string{strings.Repeat("*?a", 500)}})
	long := Request{User: "u", Action: "fs:ReadObject", Resource: "arn:lakefs:fs:::" + strings.Repeat("a", 100_000)}
	deep := strings.Repeat("[", 1_000_000)
	for name, compare := range map[string]func() string{
		"cover": func() string {
			return fmt.Sprint(Cover(few, Permission{"fs:ReadObject", "arn:lakefs:fs:::" + strings.Repeat("*a?b", 10) + "*"}, CoverOptions{User: "u"}))
		},
		"cover, many letters": func() string {
			return fmt.Sprint(Cover(many, Permission{"fs:ReadObject", "arn:lakefs:fs:::" + strings.Repeat("*?a", 20)}, CoverOptions{User: "u"}))
		},
		"difference": func() string { return fmt.Sprint(len(Difference(denied, stars, "u").Granted)) },
		"same":       func() string { return fmt.Sprint(Same(few, many)) },
		"missing":    func() string { return fmt.Sprint(len(Missing(denied, many, "u"))) },
		"gap":        func() string { return fmt.Sprint(len(FindGap(denied, stars, "u").Missing)) },
		"decision":   func() string { return fmt.Sprint(Decide(storedPolicies(append(stars, denied...)), long)) },
		"deep document": func() string {
			_, err := ParseDocument([]byte(`{"statement":` + deep))
			return fmt.Sprint(err)
		},
		"deep condition": func() string {
			_, err := ParseDocument([]byte(`{"statement":[{"condition":` + strings.Repeat(`{"a":`, 1_000_000)))
			return fmt.Sprint(err)
		},
		"deep resource": func() string {
			list, err := DecodeResource(deep)
			return fmt.Sprint(len(list), err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answered := make(chan string, 1)
			go func() { answered <- compare() }()
			select {
			case answer := <-answered:
				if answer == "" || len(answer) > 10_000 {
					t.Errorf("an answer of %d bytes", len(answer))
				}
			case <-time.After(bearable):
				t.Errorf("no answer within %s", bearable)
			}
		})
	}
}
