// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// The universe of the random worlds. The id of one user is a pattern.
var (
	someUsers    = []string{"ann", "bob", "w*"}
	someGroups   = []string{"g1", "g2"}
	somePolicies = []string{"p1", "p2", "p3"}
	someActions  = []string{"auth:ReadUser", "auth:Read*", "auth:ReadGroup", "auth:List*", "auth:ListUsers", "auth:ListCredentials", "auth:*", "fs:*"}
	someResource = []string{
		"*", "arn:lakefs:auth:::*", "arn:lakefs:auth:::user/*", "arn:lakefs:auth:::user/ann", "arn:lakefs:auth:::user/${user}",
		"arn:lakefs:auth:::group/*", "arn:lakefs:auth:::group/g1", "arn:lakefs:auth:::group/g?", "arn:lakefs:auth:::*n", "arn:lakefs:auth:::policy/p*",
	}
	inside = lakefspolicy.Condition{"IpAddress": {"SourceIp": {"10.0.0.0/8"}}}
)

const (
	insideText    = "IpAddress SourceIp in 10.0.0.0/8"
	insideAddress = "10.1.2.3"
	otherAddress  = "192.168.1.1"
)

// drawStatements draws what a policy says.
func drawStatements(t *rapid.T) (list []lakefspolicy.Statement) {
	for range rapid.IntRange(1, 3).Draw(t, "statements") {
		s := lakefspolicy.Statement{
			Effect:    rapid.SampledFrom([]string{"allow", "allow", "allow", "deny"}).Draw(t, "effect"),
			Actions:   rapid.SliceOfN(rapid.SampledFrom(someActions), 1, 2).Draw(t, "actions"),
			Resources: rapid.SliceOfN(rapid.SampledFrom(someResource), 1, 2).Draw(t, "resources"),
		}
		if rapid.IntRange(0, 5).Draw(t, "condition") == 0 {
			s.Condition = inside
		}
		list = append(list, s)
	}
	return list
}

// drawWorld draws a world in which all users, groups and policies are there.
func drawWorld(t *rapid.T) (w World) {
	for _, id := range someUsers {
		w.Users = append(w.Users, User{Key: id})
	}
	for _, id := range someGroups {
		w.Groups = append(w.Groups, Group{Key: id, Name: id})
		for _, user := range someUsers {
			if rapid.Bool().Draw(t, "member") {
				w.Memberships = append(w.Memberships, Membership{User: user, Group: id})
			}
		}
	}
	for _, id := range somePolicies {
		w.Policies = append(w.Policies, Policy{Key: id, Statements: drawStatements(t)})
		for _, user := range someUsers {
			if rapid.IntRange(0, 3).Draw(t, "direct") == 0 {
				w.Attachments = append(w.Attachments, Attachment{Policy: id, User: user})
			}
		}
		for _, group := range someGroups {
			if rapid.IntRange(0, 2).Draw(t, "attached") == 0 {
				w.Attachments = append(w.Attachments, Attachment{Policy: id, Group: group})
			}
		}
	}
	return w
}

// drawNext draws what a few changes make of a world.
func drawNext(t *rapid.T, w World) World {
	next := World{
		Users: slices.Clone(w.Users), Groups: slices.Clone(w.Groups), Policies: slices.Clone(w.Policies),
		Memberships: slices.Clone(w.Memberships), Attachments: slices.Clone(w.Attachments),
	}
	for range rapid.IntRange(1, 3).Draw(t, "changes") {
		switch rapid.IntRange(0, 2).Draw(t, "kind of change") {
		case 0:
			i := rapid.IntRange(0, len(next.Policies)-1).Draw(t, "policy")
			next.Policies[i].Statements = drawStatements(t)
		case 1:
			m := Membership{User: rapid.SampledFrom(someUsers).Draw(t, "user"), Group: rapid.SampledFrom(someGroups).Draw(t, "group")}
			next.Memberships = toggled(next.Memberships, m)
		default:
			a := Attachment{Policy: rapid.SampledFrom(somePolicies).Draw(t, "policy")}
			if rapid.Bool().Draw(t, "to a group") {
				a.Group = rapid.SampledFrom(someGroups).Draw(t, "group")
			} else {
				a.User = rapid.SampledFrom(someUsers).Draw(t, "user")
			}
			next.Attachments = toggled(next.Attachments, a)
		}
	}
	return next
}

// toggled takes an edge out, or adds it.
func toggled[E comparable](list []E, e E) []E {
	if i := slices.Index(list, e); i >= 0 {
		return slices.Delete(list, i, i+1)
	}
	return append(list, e)
}

// server makes a local server of a world, with a key for each user.
func (w World) server(t *rapid.T) *localserver.Server {
	type object = map[string]any
	var seed struct {
		Users       []object `json:"users"`
		Groups      []object `json:"groups"`
		Policies    []object `json:"policies"`
		Memberships []object `json:"memberships"`
		Attachments []object `json:"attachments"`
		Credentials []object `json:"credentials"`
	}
	for i, u := range w.Users {
		seed.Users = append(seed.Users, object{"id": u.Key})
		seed.Credentials = append(seed.Credentials, object{"user": u.Key, "access_key_id": fmt.Sprintf("KEY%d", i), "secret_access_key": "secret"})
	}
	for _, g := range w.Groups {
		seed.Groups = append(seed.Groups, object{"id": g.Key})
	}
	for _, p := range w.Policies {
		var statements []object
		for _, s := range p.Statements {
			one := object{"effect": s.Effect, "action": s.Actions, "resource": lakefspolicy.EncodeResources(s.Resources)}
			if s.Condition != nil {
				one["condition"] = s.Condition
			}
			statements = append(statements, one)
		}
		seed.Policies = append(seed.Policies, object{"id": p.Key, "statement": statements})
	}
	for _, m := range w.Memberships {
		seed.Memberships = append(seed.Memberships, object{"group": m.Group, "user": m.User})
	}
	for _, a := range w.Attachments {
		seed.Attachments = append(seed.Attachments, object{"policy": a.Policy, "user": a.User, "group": a.Group})
	}
	text, err := json.Marshal(seed)
	if err != nil {
		t.Fatal(err)
	}
	server, err := localserver.New(localserver.Options{Seed: strings.NewReader(string(text))})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// question is one request that a server can be asked.
type question struct {
	user, address    string
	action, resource string
	path             string
}

// questions are all requests of the universe.
func questions() (list []question) {
	for _, user := range someUsers {
		for _, address := range []string{insideAddress, otherAddress} {
			ask := func(action, resource, path string) {
				list = append(list, question{user: user, address: address, action: action, resource: resource, path: path})
			}
			for _, other := range someUsers {
				ask("auth:ReadUser", userARN+other, "/auth/users/"+url.PathEscape(other))
				ask("auth:ListCredentials", userARN+other, "/auth/users/"+url.PathEscape(other)+"/credentials")
			}
			for _, group := range someGroups {
				ask("auth:ReadGroup", groupARN+group, "/auth/groups/"+group)
			}
			for _, policy := range somePolicies {
				ask("auth:ReadPolicy", policyARN+policy, "/auth/policies/"+policy)
			}
			ask("auth:ListUsers", "*", "/auth/users")
			ask("auth:ListGroups", "*", "/auth/groups")
			ask("auth:ListPolicies", "*", "/auth/policies")
		}
	}
	return list
}

// allows asks a server whether a request is permitted.
func allows(t *rapid.T, server *localserver.Server, w World, q question) bool {
	number := slices.IndexFunc(w.Users, func(u User) bool { return u.Key == q.user })
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1"+q.path, nil)
	request.SetBasicAuth(fmt.Sprintf("KEY%d", number), "secret")
	request.Header.Set("X-Forwarded-For", q.address)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	if recorder.Code != http.StatusOK && recorder.Code != http.StatusUnauthorized {
		t.Fatalf("%s: status %d: %s", q.path, recorder.Code, recorder.Body)
	}
	return recorder.Code == http.StatusOK
}

// says reports whether one of the lines is about a request.
func says(lines []Line, q question, certainOnly bool) bool {
	return slices.ContainsFunc(lines, func(l Line) bool {
		if certainOnly && !l.Certain || l.Action != q.action {
			return false
		}
		switch {
		case l.Condition == "":
		case l.Condition == insideText && q.address == insideAddress:
		case l.Condition == "not ("+insideText+")" && q.address == otherAddress:
		default:
			return false
		}
		matches := func(pattern string) bool {
			return fitsStatement(Witness{q.user, q.action, q.resource}, lakefspolicy.Statement{Actions: []string{"*"}, Resources: []string{pattern}})
		}
		return matches(l.Resource) && !slices.ContainsFunc(l.Except, matches)
	})
}

// of gives what a report says of a user.
func (r Report) of(user string) PrincipalChange {
	for _, p := range r.Principals {
		if slices.Contains(p.Subjects, Subject{Kind: KindUser, ID: user}) {
			return p
		}
	}
	return PrincipalChange{}
}
