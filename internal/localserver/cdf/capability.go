// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// capability is one entry of the list of a group. An entry that makes no sense
// (a seed may hold such) has no ACL and grants nothing.
type capability struct {
	acl     string
	actions []string
	scope   string
	// ids are the values of a scope that lists ids, as text.
	ids []string
	// projects are those that the entry holds in; nil means all.
	projects []string
	// raw is the entry as it is answered.
	raw json.RawMessage
	// inspected is the entry as token inspection answers it.
	inspected json.RawMessage
}

func (c capability) allows(action string) bool { return slices.Contains(c.actions, action) }

func (c capability) holdsIn(project string) bool {
	return c.projects == nil || slices.Contains(c.projects, project)
}

// addTo adds what the scope covers. What other scopes cover (data sets, spaces)
// is not in this API.
func (c capability) addTo(g *grant) {
	switch c.scope {
	case "all":
		g.all = true
	case "currentuserscope":
		g.own = true
	case "idscope":
		for _, id := range c.ids {
			g.ids[id] = true
		}
	}
}

// What may stand beside the ACL of an entry: the projects it holds in, in two
// notations.
const (
	urlNamesMember = "projectUrlNames"
	scopeMember    = "projectScope"
)

// object is a JSON object whose members keep their text. Other than for structs,
// the case of their names matters.
type object = map[string]json.RawMessage

// parseCapability reads an entry. Names of ACLs, actions and scopes are taken as
// they are, known or not. With an error it returns what can be answered of the
// entry, which then grants nothing.
func (s *Server) parseCapability(raw json.RawMessage) (capability, error) {
	c := capability{raw: raw, inspected: raw}
	var entry object
	if err := json.Unmarshal(raw, &entry); err != nil || entry == nil {
		return c, errors.New("it is no object")
	}
	c.projects, c.inspected = projectsOf(entry), s.inspected(entry)
	acl, err := aclOf(entry)
	if err != nil {
		return c, err
	}
	if s.options.DataModelingOnly && slices.Contains(refusedForDataModeling, acl) {
		return c, fmt.Errorf("%s: a project for data modeling only does not take it", acl)
	}
	normal, err := s.parseBody(entry[acl], &c)
	if err != nil {
		return c, fmt.Errorf("%s%w", acl, err)
	}
	if normal != nil {
		entry[acl] = normal
		c.raw, c.inspected = encode(entry), s.inspected(entry)
	}
	c.acl = acl
	return c, nil
}

// refusedForDataModeling are the ACLs that a project for data modeling only does
// not take.
var refusedForDataModeling = []string{"assetsAcl", "relationshipsAcl"}

// parseBody reads the object of an ACL. It returns how it is answered; nil means
// as it came.
func (s *Server) parseBody(raw json.RawMessage, into *capability) (json.RawMessage, error) {
	var body, scope object
	if err := json.Unmarshal(raw, &body); err != nil || body == nil {
		return nil, errors.New(" is no object")
	}
	if err := json.Unmarshal(body["actions"], &into.actions); err != nil || len(into.actions) == 0 {
		return nil, errors.New(".actions must be a list with at least one text")
	}
	if err := json.Unmarshal(body["scope"], &scope); err != nil || len(scope) != 1 {
		return nil, errors.New(".scope must be an object with exactly one scope")
	}
	for name, parameters := range scope {
		into.scope = name
		normal, err := s.parseScope(name, parameters, into)
		if err != nil {
			return nil, fmt.Errorf(".scope.%s%w", name, err)
		}
		if normal == nil {
			return nil, nil
		}
		body["scope"] = encode(object{name: normal})
	}
	return encode(body), nil
}

// aclOf finds the one member of an entry that is its ACL. By their names ACLs end
// in "Acl"; in an entry without such a name it is the one that is left.
func aclOf(entry object) (string, error) {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(entry)), func(name string) bool {
		return name == urlNamesMember || name == scopeMember
	})
	acls := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.HasSuffix(name, "Acl") })
	if len(acls) == 0 {
		acls = names
	}
	if len(acls) != 1 {
		return "", fmt.Errorf("it must have exactly one ACL and has %d", len(acls))
	}
	return acls[0], nil
}

// projectsOf reads the projects that an entry holds in.
func projectsOf(entry object) []string {
	var limits struct {
		URLNames struct {
			URLNames []string `json:"urlNames"`
		} `json:"projectUrlNames"`
		Scope struct {
			Projects []string `json:"projects"`
		} `json:"projectScope"`
	}
	// What is of another type is no limit.
	_ = json.Unmarshal(encode(entry), &limits)
	if limits.URLNames.URLNames != nil {
		return limits.URLNames.URLNames
	}
	return limits.Scope.Projects
}

// inspected makes the form of an entry that token inspection answers.
func (s *Server) inspected(entry object) json.RawMessage {
	shown := maps.Clone(entry)
	delete(shown, urlNamesMember)
	if _, given := shown[scopeMember]; !given {
		projects := projectsOf(entry)
		if projects == nil {
			projects = []string{s.options.Project}
		}
		shown[scopeMember] = encode(map[string][]string{"projects": projects})
	}
	return encode(shown)
}

// encode is for plain values and for what came from JSON: these always encode.
func encode(value any) json.RawMessage {
	text, _ := json.Marshal(value)
	return text
}

// scopeValues is what a scope lists.
type scopeValues int

const (
	numbers scopeValues = iota
	texts
	tables
)

// scopes are the known scopes that list something, with the parameter that does.
var scopes = map[string]struct {
	parameter string
	values    scopeValues
}{
	"datasetScope":            {"ids", numbers},
	"idScope":                 {"ids", numbers},
	"idscope":                 {"ids", numbers},
	"extractionPipelineScope": {"ids", numbers},
	"assetRootIdScope":        {"rootIds", numbers},
	"partition":               {"partitionIds", numbers},
	"tableScope":              {"dbsToTables", tables},
	"spaceIdScope":            {"spaceIds", texts},
	"instancesScope":          {"instances", texts},
	"usersScope":              {"usernames", texts},
	"experimentscope":         {"experiments", texts},
	"appScope":                {"apps", texts},
	"appExternalIdScope":      {"externalIds", texts},
	"agentExternalIdScope":    {"externalIds", texts},
	"spaceScope":              {"externalIds", texts},
	"dataModelScope":          {"externalIds", texts},
}

// parseScope checks the object of a scope and returns it as it is answered; nil
// means as it came. Scopes that are not known are taken as they are.
func (s *Server) parseScope(name string, raw json.RawMessage, into *capability) (json.RawMessage, error) {
	var parameters object
	if err := json.Unmarshal(raw, &parameters); err != nil || parameters == nil {
		return nil, errors.New(" is no object")
	}
	scope, listing := scopes[name]
	if !listing {
		return nil, nil
	}
	value, given := parameters[scope.parameter]
	if !given {
		return nil, fmt.Errorf(".%s is missing", scope.parameter)
	}
	switch scope.values {
	case numbers:
		ids, err := parseIDs(value)
		if err != nil {
			return nil, fmt.Errorf(".%s%w", scope.parameter, err)
		}
		into.ids = ids
		if !s.options.TextIDs {
			return nil, nil
		}
		parameters[scope.parameter] = encode(orEmpty(ids))
	case texts:
		var list []string
		if err := json.Unmarshal(value, &list); err != nil {
			return nil, fmt.Errorf(".%s must be a list of texts", scope.parameter)
		}
		return nil, nil
	case tables:
		normal, err := parseTables(value)
		if err != nil {
			return nil, fmt.Errorf(".%s%w", scope.parameter, err)
		}
		parameters[scope.parameter] = normal
	}
	return encode(parameters), nil
}

// parseIDs reads ids, which may be written as numbers or as texts.
func parseIDs(raw json.RawMessage) ([]string, error) {
	var values []json.RawMessage
	if err := json.Unmarshal(raw, &values); err != nil {
		return nil, errors.New(" must be a list of ids")
	}
	var ids []string
	for i, value := range values {
		id, err := strconv.ParseInt(strings.Trim(string(value), `"`), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("[%d] is %s: use a whole number", i, value)
		}
		ids = append(ids, strconv.FormatInt(id, 10))
	}
	return ids, nil
}

// parseTables reads the databases of a tableScope in both forms, {"db": ["t"]} and
// {"db": {"tables": ["t"]}}, and returns the second one. No tables are the whole
// database.
func parseTables(raw json.RawMessage) (json.RawMessage, error) {
	var databases object
	if err := json.Unmarshal(raw, &databases); err != nil || databases == nil {
		return nil, errors.New(" must be an object of databases")
	}
	type database struct {
		Tables []string `json:"tables"`
	}
	normal := map[string]database{}
	for name, value := range databases {
		var wrapped database
		if json.Unmarshal(value, &wrapped.Tables) != nil && json.Unmarshal(value, &wrapped) != nil {
			return nil, fmt.Errorf(".%s must be a list of tables", name)
		}
		wrapped.Tables = orEmpty(wrapped.Tables)
		normal[name] = wrapped
	}
	return encode(normal), nil
}
