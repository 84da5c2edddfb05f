// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package soak_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

const (
	ofUser       = "iam_lakefs_user"
	ofGroup      = "iam_lakefs_group"
	ofPolicy     = "iam_lakefs_policy"
	ofMembership = "iam_lakefs_group_membership"
	ofAttachment = "iam_lakefs_policy_attachment"
	ofKey        = "iam_lakefs_credentials"
	ofCDFGroup   = "iam_cdf_group"
	ofCategory   = "iam_cdf_security_category"
)

// makers write the resources of each kind, of which a share of a hundred is. One answers
// false when there is nothing that it could refer to.
var makers = []struct {
	kind  string
	share int
	write func(*author, *thing) bool
}{
	{ofUser, 16, writeUser},
	{ofGroup, 10, writeGroup},
	{ofPolicy, 15, writePolicy},
	{ofMembership, 12, writeMembership},
	{ofAttachment, 14, writeAttachment},
	{ofKey, 7, writeKey},
	{ofCDFGroup, 20, writeCDFGroup},
	{ofCategory, 6, writeCategory},
}

func writeUser(a *author, t *thing) bool {
	t.want = "user " + t.name
	t.arguments = fmt.Sprintf("  id = %q\n  revoke_leftover_credentials = %t\n", t.name, a.dice.IntN(2) == 0)
	if !slices.Contains(a.users, t.name) {
		a.users = append(a.users, t.name)
	}
	return true
}

func writeGroup(a *author, t *thing) bool {
	description := fmt.Sprintf("description %d", a.dice.IntN(3))
	t.want = fmt.Sprintf("group %s: %s", t.name, description)
	t.arguments = fmt.Sprintf("  name = %q\n  description = %q\n", t.name, description)
	return true
}

// policyStatement is a statement in the shape of a policy document.
type policyStatement struct {
	Effect    string                         `json:"effect"`
	Action    []string                       `json:"action"`
	Resource  []string                       `json:"resource"`
	Condition map[string]map[string][]string `json:"condition,omitempty"`
}

var actions = []string{"fs:ReadObject", "fs:ListObjects", "fs:WriteObject", "fs:CreateBranch", "fs:ReadRepository", "fs:Delete*"}

// subset answers some of the texts, one at least, in any order.
func subset(a *author, of []string) []string {
	chosen := slices.Clone(of)
	a.dice.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	return chosen[:1+a.dice.IntN(min(3, len(chosen)))]
}

func writePolicy(a *author, t *thing) bool {
	var (
		statements []policyStatement
		blocks     strings.Builder
	)
	for i := range 1 + a.dice.IntN(3) {
		s := policyStatement{Effect: []string{"allow", "allow", "deny"}[a.dice.IntN(3)], Action: subset(a, actions)}
		for j := range 1 + a.dice.IntN(2) { // no two statements meet, so none is superfluous
			s.Resource = append(s.Resource, fmt.Sprintf("arn:lakefs:fs:::repository/r%d-%d-%d/*", i, j, a.dice.IntN(50)))
		}
		if a.dice.IntN(4) == 0 {
			s.Condition = map[string]map[string][]string{"IpAddress": {"SourceIp": {fmt.Sprintf("10.%d.0.0/16", a.dice.IntN(200))}}}
		}
		statements = append(statements, s)
		fmt.Fprintf(&blocks, "  statement {\n    effect = %q\n    actions = %s\n    resources = %s\n", s.Effect, inJSON(s.Action), inJSON(s.Resource))
		if s.Condition != nil {
			fmt.Fprintf(&blocks, "    condition = %s\n", inJSON(s.Condition))
		}
		blocks.WriteString("  }\n")
	}
	t.want = fmt.Sprintf("policy %s: %s", t.name, canonicalStatements(statements))
	t.arguments = fmt.Sprintf("  id = %q\n%s", t.name, blocks.String())
	if a.dice.IntN(4) == 0 {
		t.arguments = fmt.Sprintf("  id = %q\n  document = %q\n", t.name, policyDocument(statements))
	}
	return true
}

// policyDocument writes statements as lakeFS takes them: a list of resources is a text.
func policyDocument(statements []policyStatement) string {
	var written []map[string]any
	for _, s := range statements {
		statement := map[string]any{"effect": s.Effect, "action": s.Action, "resource": lakefspolicy.EncodeResources(s.Resource)}
		if s.Condition != nil {
			statement["condition"] = s.Condition
		}
		written = append(written, statement)
	}
	return inJSON(map[string]any{"statement": written})
}

// canonicalStatements writes statements without regard to order.
func canonicalStatements(statements []policyStatement) string {
	var texts []string
	for _, s := range statements {
		s.Action, s.Resource = slices.Sorted(slices.Values(s.Action)), slices.Sorted(slices.Values(s.Resource))
		texts = append(texts, inJSON(s))
	}
	slices.Sort(texts)
	return strings.Join(texts, ",")
}

// member answers a user that is configured or, at times, one that is foreign.
func (a *author) member() (hcl, id, uses string) {
	user := a.some(ofUser + ".")
	if user == "" || a.dice.IntN(6) == 0 {
		return `"foreign-user"`, "foreign-user", ""
	}
	return user + ".id", a.things[user].name, user
}

func writeMembership(a *author, t *thing) bool {
	group := a.some(ofGroup + ".")
	if group == "" {
		return false
	}
	user, id, used := a.member()
	t.uses = []string{group, used}
	t.want = fmt.Sprintf("member %s/%s", a.things[group].name, id)
	t.arguments = fmt.Sprintf("  group_id = %s.id\n  user_id = %s\n", group, user)
	return true
}

func writeAttachment(a *author, t *thing) bool {
	policy, id := `"ForeignPolicy"`, "ForeignPolicy"
	if some := a.some(ofPolicy + "."); some != "" && a.dice.IntN(6) > 0 {
		policy, id, t.uses = some+".id", a.things[some].name, []string{some}
	}
	if group := a.some(ofGroup + "."); group != "" && a.dice.IntN(2) == 0 {
		t.uses = append(t.uses, group)
		t.want = fmt.Sprintf("attached group/%s/%s", a.things[group].name, id)
		t.arguments = fmt.Sprintf("  group_id = %s.id\n  policy_id = %s\n", group, policy)
		return true
	}
	user, userID, used := a.member()
	t.uses = append(t.uses, used)
	t.want = fmt.Sprintf("attached user/%s/%s", userID, id)
	t.arguments = fmt.Sprintf("  user_id = %s\n  policy_id = %s\n", user, policy)
	return true
}

func writeKey(a *author, t *thing) bool {
	user, _, used := a.member()
	t.uses = []string{used}
	t.arguments = fmt.Sprintf("  user_id = %s\n  rotate_triggers = { number = %q }\n", user, fmt.Sprint(a.dice.IntN(3)))
	return true
}

func writeCategory(a *author, t *thing) bool {
	t.title = fmt.Sprintf("category %d", a.next())
	t.want = t.title
	t.arguments = fmt.Sprintf("  name = %q\n", t.title)
	return true
}

// capability is one capability, as HCL and as the API has it.
type capability struct {
	acl, scope string
	actions    []string
	api        any
}

func (a *author) capability(acl string, t *thing) capability {
	c := capability{acl: acl, actions: subset(a, []string{"READ", "WRITE"}), scope: "all = true", api: map[string]any{"all": map[string]any{}}}
	ids := []int{1 + a.dice.IntN(50), 100 + a.dice.IntN(50)}[:1+a.dice.IntN(2)]
	if a.dice.IntN(2) == 0 {
		return c
	}
	switch acl {
	case "assetsAcl", "eventsAcl", "filesAcl":
		c.scope, c.api = "data_set_ids = "+inJSON(ids), map[string]any{"datasetScope": map[string]any{"ids": ids}}
	case "timeSeriesAcl":
		c.scope, c.api = "ids = "+inJSON(ids), map[string]any{"idscope": map[string]any{"ids": ids}}
	case "rawAcl":
		tables := map[string][]string{fmt.Sprintf("db%d", ids[0]): {"t1", "t2"}}
		c.scope, c.api = "tables = "+inJSON(tables), map[string]any{"tableScope": map[string]any{"dbsToTables": tables}}
	case "dataModelsAcl":
		spaces := []string{fmt.Sprintf("space-%d", ids[0])}
		c.scope, c.api = "space_ids = "+inJSON(spaces), map[string]any{"spaceIdScope": map[string]any{"spaceIds": spaces}}
	case "securityCategoriesAcl":
		if category := a.some(ofCategory + "."); category != "" {
			t.uses = append(t.uses, category)
			c.scope, c.api = "ids = ["+category+".id]", map[string]any{"idscope": map[string]any{"ids": []string{category + "!"}}}
		}
	}
	return c
}

var acls = []string{"assetsAcl", "eventsAcl", "filesAcl", "timeSeriesAcl", "rawAcl", "dataModelsAcl", "securityCategoriesAcl"}

func writeCDFGroup(a *author, t *thing) bool {
	// Names are few: those of groups need not differ. One is that of a foreign group.
	group := cdfGroup{Name: fmt.Sprintf("team %d", a.dice.IntN(8)), SourceID: fmt.Sprintf("source-%d", a.next()), Metadata: map[string]string{"team": fmt.Sprint(a.dice.IntN(3))}}
	if old, changes := a.things[t.address()]; changes && a.dice.IntN(2) == 0 {
		group.Name = old.title
	}
	t.arguments = ""
	for _, acl := range subset(a, acls) {
		c := a.capability(acl, t)
		if acl == "securityCategoriesAcl" {
			c.actions = []string{"MEMBEROF"}
		}
		group.Capabilities = append(group.Capabilities, map[string]any{acl: map[string]any{"actions": c.actions, "scope": c.api}})
		t.arguments += fmt.Sprintf("  capability {\n    acl = %q\n    actions = %s\n    scope {\n      %s\n    }\n  }\n", acl, inJSON(c.actions), c.scope)
	}
	if a.dice.IntN(4) == 0 && len(t.uses) == 0 {
		t.arguments = fmt.Sprintf("  capabilities_json = %q\n", inJSON(group.Capabilities))
	}
	t.arguments = fmt.Sprintf("  name = %q\n  source_id = %q\n  metadata = %s\n", group.Name, group.SourceID, inJSON(group.Metadata)) + t.arguments
	t.want, t.title = group.canonical(), group.Name
	return true
}

// inJSON writes a value as JSON, which HCL reads, too.
func inJSON(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // of values from here
	}
	return strings.TrimSpace(text.String())
}
