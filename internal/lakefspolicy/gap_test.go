// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// said writes a gap as an error would: what is missing and why, what to add, and how many that does not help.
func said(g Gap) (missing []string, addition string, blocked int) {
	for _, m := range g.Missing {
		text := m.String()
		if m.Reason != "" {
			text += ": " + m.Reason
		}
		missing = append(missing, text)
	}
	return missing, listJSON(g.Addition), g.Blocked
}

// listJSON writes statements on one line.
func listJSON(statements []Statement) string {
	var compact bytes.Buffer
	_ = json.Compact(&compact, []byte(RenderDocument(statements)))
	return strings.TrimSuffix(strings.TrimPrefix(compact.String(), `{"statement":`), "}")
}

func TestFindGap(t *testing.T) {
	t.Parallel()
	const (
		main    = "arn:lakefs:fs:::repository/main/*"
		old     = "arn:lakefs:fs:::repository/main/old/*"
		readAll = `{"action":["fs:ReadObject"],"effect":"allow","resource":"*"}`
		inside  = `"condition":{"IpAddress":{"SourceIp":["10.0.0.0/8"]}}`
		desired = `[{"action":["fs:ReadObject"],"effect":"allow","resource":"` + main + `"}]`
	)
	for name, test := range map[string]struct {
		existing, desired, user string
		missing                 []string
		addition                string
		blocked                 int
	}{
		"nothing missing": {existing: `[` + readAll + `]`, desired: desired, addition: "[]"},
		"nothing desired": {existing: `[]`, desired: `[]`, addition: "[]"},
		"nothing held":    {existing: `[]`, desired: desired, missing: []string{"fs:ReadObject on " + main}, addition: desired},
		"a part held": {
			existing: `[{"action":["fs:ReadObject"],"effect":"allow","resource":"` + old + `"}]`, desired: desired,
			missing: []string{"fs:ReadObject on " + main}, addition: desired,
		},
		"patterns are the known actions": {
			existing: `[{"action":["pr:ReadPullRequest"],"effect":"allow","resource":"*"}]`, desired: `[{"action":["pr:*"],"effect":"allow","resource":"*"}]`,
			missing:  []string{"pr:ListPullRequests on *", "pr:WritePullRequest on *"},
			addition: `[{"action":["pr:ListPullRequests","pr:WritePullRequest"],"effect":"allow","resource":"*"}]`,
		},
		"all known actions are held one by one": {
			existing: `[{"action":["pr:ReadPullRequest","pr:ListPullRequests","pr:WritePullRequest"],"effect":"allow","resource":"*"}]`,
			desired:  `[{"action":["pr:*"],"effect":"allow","resource":"*"}]`, addition: "[]",
		},
		"an unknown action": {
			existing: `[{"action":["fs:N*"],"effect":"allow","resource":"*"}]`, desired: `[{"action":["fs:NewOne","fs:Other"],"effect":"allow","resource":"*"}]`,
			missing: []string{"fs:Other on *"}, addition: `[{"action":["fs:Other"],"effect":"allow","resource":"*"}]`,
		},
		"under a condition": {
			existing: `[{"action":["fs:Read*"],"effect":"allow","resource":"*",` + inside + `},{"action":["fs:Write*"],"effect":"allow","resource":"*","condition":{"IpAddress":{"SourceIp":["1.2.3.4"]}}}]`,
			desired:  desired,
			missing:  []string{"fs:ReadObject on " + main + ": it is allowed only if IpAddress SourceIp in 10.0.0.0/8"}, addition: desired,
		},
		"denied": {
			existing: `[` + readAll + `,{"action":["fs:Read*"],"effect":"deny","resource":"` + old + `"}]`, desired: desired,
			missing: []string{"fs:ReadObject on " + main + ": a statement denies fs:Read* on " + old}, addition: "[]", blocked: 1,
		},
		"denied and not allowed": {
			existing: `[{"action":["fs:*"],"effect":"deny","resource":"*"}]`, desired: desired,
			missing: []string{"fs:ReadObject on " + main + ": a statement denies fs:* on *"}, addition: desired, blocked: 1,
		},
		"denied perhaps": {
			existing: `[` + readAll + `,{"action":["fs:*"],"effect":"deny","resource":"*",` + inside + `}]`, desired: desired,
			missing:  []string{"fs:ReadObject on " + main + ": a statement denies * if IpAddress SourceIp in 10.0.0.0/8"},
			addition: "[]", blocked: 1,
		},
		"a condition that perhaps cannot be evaluated": {
			existing: `[` + readAll + `,{"action":["ci:*"],"effect":"allow","resource":"*","condition":{"IpAddress":{"SourceIp":["x"]}}}]`, desired: desired,
			missing:  []string{"fs:ReadObject on " + main + ": lakeFS denies every request while a condition of the user's policies cannot be evaluated"},
			addition: "[]", blocked: 1,
		},
		"a condition that cannot be evaluated": {
			existing: `[` + readAll + `,{"action":["ci:*"],"effect":"allow","resource":"*","condition":{"Nonsense":{"SourceIp":["x"]}}}]`, desired: desired,
			missing:  []string{"fs:ReadObject on " + main + ": lakeFS denies every request, since it cannot evaluate the condition Nonsense SourceIp in x of a statement"},
			addition: "[]", blocked: 1,
		},
		"not allowed, and denied perhaps": {
			existing: `[{"action":["fs:*"],"effect":"deny","resource":"*",` + inside + `}]`, desired: desired,
			missing:  []string{"fs:ReadObject on " + main + ": a statement denies fs:* on * if IpAddress SourceIp in 10.0.0.0/8"},
			addition: desired, blocked: 1,
		},
		"a condition with an address that is none": {
			existing: `[{"action":["fs:*"],"effect":"allow","resource":"*","condition":{"IpAddress":{"SourceIp":["bad"]}}}]`, desired: desired,
			missing:  []string{"fs:ReadObject on " + main + ": lakeFS denies every request, since it cannot evaluate the condition IpAddress SourceIp in bad of a statement"},
			addition: desired, blocked: 1,
		},
		"of the user": {
			existing: `[{"action":["auth:ReadUser"],"effect":"allow","resource":"arn:lakefs:auth:::user/${user}"}]`, user: "ci",
			desired:  `[{"action":["auth:ReadUser","auth:DeleteUser"],"effect":"allow","resource":"arn:lakefs:auth:::user/ci"}]`,
			missing:  []string{"auth:DeleteUser on arn:lakefs:auth:::user/ci"},
			addition: `[{"action":["auth:DeleteUser"],"effect":"allow","resource":"arn:lakefs:auth:::user/ci"}]`,
		},
		"of any user": {
			existing: `[{"action":["auth:ReadUser"],"effect":"allow","resource":"arn:lakefs:auth:::user/${user}"}]`,
			desired:  `[{"action":["auth:ReadUser"],"effect":"allow","resource":"[\"arn:lakefs:auth:::user/ci\",\"arn:lakefs:auth:::user/${user}\"]"}]`,
			missing:  []string{"auth:ReadUser on arn:lakefs:auth:::user/ci"},
			addition: `[{"action":["auth:ReadUser"],"effect":"allow","resource":"arn:lakefs:auth:::user/ci"}]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			existing, desired := parseStatements(t, test.existing), parseStatements(t, test.desired)
			gap := FindGap(existing, desired, test.user)
			missing, addition, blocked := said(gap)
			if diff := cmp.Diff(test.missing, missing); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.addition, addition); diff != "" {
				t.Errorf("addition (-want +got):\n%s", diff)
			}
			if blocked != test.blocked {
				t.Errorf("blocked: got %d, want %d", blocked, test.blocked)
			}
		})
	}
}

func parseStatements(t *testing.T, text string) []Statement {
	t.Helper()
	statements, err := ParseStatements([]byte(text), NullRefused)
	if err != nil {
		t.Fatal(err)
	}
	return statements
}

// A server may hold what cannot be written.
func TestFindGapInWhatIsStored(t *testing.T) {
	t.Parallel()
	desired := []Statement{{Effect: EffectAllow, Actions: []string{"fs:ReadObject"}, Resources: []string{"arn:lakefs:fs:::a"}}}
	const denied = "fs:ReadObject on arn:lakefs:fs:::a: lakeFS denies every request, since it cannot read the resource of a statement"
	for resource, want := range map[string][]string{
		"":                            {denied},
		"[no list]":                   {denied},
		`[""]`:                        nil,
		`["","arn:lakefs:fs:::a"]`:    nil,
		`["[x]","arn:lakefs:fs:::a"]`: nil,
		`[]`:                          nil,
	} {
		stored := []StoredStatement{{EffectAllow, []string{"fs:*"}, "*", nil}, {EffectAllow, []string{"fs:*"}, resource, nil}}
		gap := FindGap([]Statement{stored[0].Read(), stored[1].Read()}, desired, "ci")
		missing, addition, blocked := said(gap)
		if diff := cmp.Diff(want, missing); diff != "" || addition != "[]" || blocked != len(want) {
			t.Errorf("%q: addition %s, blocked %d, missing (-want +got):\n%s", resource, addition, blocked, diff)
		}
		decision := Decide([]Policy{{Statements: stored}}, Request{User: "ci", Action: "fs:ReadObject", Resource: "arn:lakefs:fs:::a"})
		if (decision == DecisionAllow) != (len(want) == 0) {
			t.Errorf("%q: the server decides %s", resource, decision)
		}
	}
	if got := (StoredStatement{Resource: `["","a"]`}).Read().Resources; !slices.Equal(got, []string{"a"}) {
		t.Errorf("got the resources %q", got)
	}
}

// The addition is enough unless something denies, nothing in it is needless, and every reason has words.
func TestGapIsClosedByItsAddition(t *testing.T) {
	t.Parallel()
	existingIn := world{denies: true, conditions: true, variable: true}
	rapid.Check(t, func(t *rapid.T) {
		existing, desired := existingIn.statements("existing", 0, 4, t), world{variable: true}.statements("desired", 1, 3, t)
		user := rapid.SampledFrom(worldUsers[:4]).Draw(t, "user")
		gap := FindGap(existing, desired, user)
		if left := FindGap(slices.Concat(existing, gap.Addition), desired, user); len(left.Missing) != gap.Blocked || len(left.Addition) > 0 {
			t.Fatalf("with the addition %v, %v is missing, want %d", gap.Addition, left, gap.Blocked)
		}
		allowed := slices.DeleteFunc(slices.Clone(existing), func(s Statement) bool { return s.Effect == EffectDeny })
		if left := FindGap(slices.Concat(allowed, gap.Addition), desired, user); len(left.Missing) > 0 {
			t.Fatalf("without what denies, %v is missing", left)
		}
		for _, m := range gap.Missing {
			if m.Answer == CannotTell && m.Reason == "" {
				t.Fatalf("%s has no reason", m)
			}
		}
	})
}
