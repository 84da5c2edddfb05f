// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package soak_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// foreign is what others have on the server.
const foreign = `{
  "users": [{"id": "foreign-user"}, {"id": "foreign-other"}],
  "groups": [{"id": "ForeignGroup", "description": "not ours"}],
  "policies": [{"id": "ForeignPolicy", "statement": [{"effect": "allow", "action": ["fs:ReadObject"], "resource": "*"}]}],
  "memberships": [{"group": "ForeignGroup", "user": "foreign-user"}],
  "attachments": [{"policy": "ForeignPolicy", "group": "ForeignGroup"}, {"policy": "ForeignPolicy", "user": "foreign-other"}],
  "credentials": [{"user": "foreign-user", "access_key_id": "AKIAJFOREIGNFOREIGNQ", "secret_access_key": "foreign"}],
  "cdf": {
    "groups": [
      {"name": "team 1", "sourceId": "foreign", "capabilities": [{"assetsAcl": {"actions": ["READ"], "scope": {"all": {}}}}]},
      {"name": "foreign", "members": ["user-anna"], "capabilities": []}
    ],
    "securityCategories": [{"name": "foreign"}]
  }
}`

// held is an object of a server.
type held struct {
	// id is how a message would name it, raw all that the server says of it.
	id, raw string
	// content is what a configuration may want of it.
	content string
	// remove deletes it; nil where no message asks for that.
	remove func(context.Context) error
}

// world is all that a server holds, by names that say what each is.
type world map[string]held

func (w world) sorted() []string { return slices.Sorted(maps.Keys(w)) }

const keyPrefix = "key "

func keyName(user, id string) string { return keyPrefix + user + "/" + id }

func isKey(name string) bool { return strings.HasPrefix(name, keyPrefix) }

// list asks the server for all it has. Former users may have keys although they are gone.
func (s *stormy) list(t *testing.T, former []string) world {
	t.Helper()
	w, ctx, everything := world{}, t.Context(), lakefsapi.ListOptions{}
	users := map[string]bool{}
	for _, id := range former {
		users[id] = true
	}
	for _, u := range collect(t, s.lakefs.ListUsers(ctx, everything)) {
		users[u.ID] = true
		w["user "+u.ID] = held{id: u.ID, raw: inJSON(u), content: "user " + u.ID}
		for _, p := range collect(t, s.lakefs.ListUserPolicies(ctx, u.ID, false, everything)) {
			name := fmt.Sprintf("attached user/%s/%s", u.ID, p.ID)
			w[name] = held{id: p.ID, content: name}
		}
	}
	for _, g := range collect(t, s.lakefs.ListGroups(ctx, everything)) {
		description := ""
		if g.Description != nil {
			description = *g.Description
		}
		w["group "+g.ID] = held{id: g.ID, raw: inJSON(g), content: fmt.Sprintf("group %s: %s", g.Name, description)}
		for _, u := range collect(t, s.lakefs.ListGroupMembers(ctx, g.ID, everything)) {
			name := fmt.Sprintf("member %s/%s", g.Name, u.ID)
			w[name] = held{id: u.ID, content: name}
		}
		for _, p := range collect(t, s.lakefs.ListGroupPolicies(ctx, g.ID, everything)) {
			name := fmt.Sprintf("attached group/%s/%s", g.Name, p.ID)
			w[name] = held{id: p.ID, content: name}
		}
	}
	for _, p := range collect(t, s.lakefs.ListPolicies(ctx, everything)) {
		w["policy "+p.ID] = held{id: p.ID, raw: inJSON(p), content: fmt.Sprintf("policy %s: %s", p.ID, canonicalStatements(statementsOf(p)))}
	}
	for user := range users {
		s.listKeys(t, w, user)
	}
	s.listCDF(t, w)
	return w
}

func (s *stormy) listKeys(t *testing.T, w world, user string) {
	t.Helper()
	for key, err := range s.lakefs.ListUserCredentials(t.Context(), user, lakefsapi.ListOptions{}) {
		if lakefsapi.IsNotFound(err) {
			return
		}
		must(t, err)
		w[keyName(user, key.AccessKeyID)] = held{id: key.AccessKeyID, raw: inJSON(key)}
	}
}

func (s *stormy) listCDF(t *testing.T, w world) {
	t.Helper()
	categories := map[string]string{}
	for _, c := range collect(t, s.cdf.ListSecurityCategories(t.Context(), cdfapi.ListOptions{})) {
		id := strconv.FormatInt(c.ID, 10)
		categories[id] = c.Name
		w["category "+id] = held{id: id, raw: inJSON(c), content: c.Name}
	}
	groups, err := s.cdf.ListGroups(t.Context(), true)
	must(t, err)
	for _, g := range groups {
		if g.IsDeleted {
			continue
		}
		id := strconv.FormatInt(g.ID, 10)
		group := cdfGroup{Name: g.Name, SourceID: g.SourceID, Metadata: g.Metadata, categories: categories}
		must(t, json.Unmarshal(g.Capabilities, &group.Capabilities))
		w["CDF group "+id] = held{id: id, raw: inJSON(g), content: group.canonical(), remove: func(ctx context.Context) error { return s.cdf.DeleteGroups(ctx, g.ID) }}
	}
}

func collect[T any](t *testing.T, items iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for item, err := range items {
		must(t, err)
		all = append(all, item)
	}
	return all
}

func statementsOf(p lakefsapi.Policy) []policyStatement {
	var statements []policyStatement
	for _, s := range p.Statement {
		resources, err := lakefspolicy.DecodeResource(s.Resource)
		if err != nil {
			resources = []string{s.Resource}
		}
		statements = append(statements, policyStatement{Effect: s.Effect, Action: s.Action, Resource: resources, Condition: s.Condition})
	}
	return statements
}

// cdfGroup is what a configuration says of a group of CDF.
type cdfGroup struct {
	Name, SourceID string
	Metadata       map[string]string
	Capabilities   []map[string]any

	categories map[string]string // their names by their ids
}

// canonical writes a group without regard to order.
func (g cdfGroup) canonical() string {
	var capabilities []string
	for _, c := range g.Capabilities {
		_, isCategory := c["securityCategoriesAcl"]
		capabilities = append(capabilities, inJSON(g.plain(c, isCategory)))
	}
	slices.Sort(capabilities)
	return fmt.Sprintf("CDF group %s of %s, %s: %s", g.Name, g.SourceID, inJSON(g.Metadata), strings.Join(capabilities, ","))
}

// plain writes lists in order, numbers as texts, and both forms of tables alike.
func (g cdfGroup) plain(value any, isCategory bool) any {
	// What was made here has other types than what came from the server.
	var same any
	if err := json.Unmarshal([]byte(inJSON(value)), &same); err != nil {
		panic(err) // it was written just now
	}
	switch value := same.(type) {
	case map[string]any:
		if tables, only := value["tables"]; only && len(value) == 1 {
			return g.plain(tables, isCategory)
		}
		object := map[string]any{}
		for name, member := range value {
			object[strings.ToLower(name)] = g.plain(member, isCategory)
		}
		return object
	case []any:
		texts := []string{}
		for _, item := range value {
			texts = append(texts, fmt.Sprint(g.plain(item, isCategory)))
		}
		return slices.Sorted(slices.Values(texts))
	case float64:
		text := strconv.FormatFloat(value, 'f', -1, 64)
		if title, known := g.categories[text]; known && isCategory {
			return title
		}
		return text
	case string:
		if title, known := g.categories[value]; known && isCategory {
			return title
		}
		return value
	}
	return same
}
