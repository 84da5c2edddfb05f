// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// groupsOf is the body of a request with these groups.
func groupsOf(groups ...string) string { return `{"items":[` + strings.Join(groups, ",") + `]}` }

// answered is the answer for groups of a known content.
func answered(groups ...string) string {
	for i, group := range groups {
		groups[i] = `{"isDeleted":false,"deletedTime":-1,` + group[1:]
	}
	return groupsOf(groups...)
}

func TestGroupsAreAnsweredAsWritten(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	const unknown = `[{"assetsAcl":{"actions":["READ","FUTURE"],"scope":{"datasetScope":{"ids":["10",9007199254740993],"new":1}},"more":true},"beside":{}},
		{"futureAcl":{"actions":["X"],"scope":{"futureScope":{"anything":[null]}}}},
		{"assetsAcl":{"actions":["READ"],"scope":{"spaceIdScope":{"spaceIds":["s"]}}},"projectUrlNames":{"urlNames":["local"]}}]`
	p.converse(t,
		exchange{send: "POST /groups", body: groupsOf(`{"name":"a"}`, `{"name":"a","sourceId":"s","metadata":{"k":"v"}}`), want: answered(
			`{"id":"#1","name":"a","sourceId":"","metadata":{},"capabilities":[]}`,
			`{"id":"#2","name":"a","sourceId":"s","metadata":{"k":"v"},"capabilities":[]}`,
		)},
		exchange{
			send: "POST /groups",
			body: groupsOf(`{"name":"b","members":["x","y","x"],"capabilities":` + unknown + `,"attributes":{"token":{"appIds":["1"]},"new":2},"future":{"a":[1]}}`),
			want: answered(`{"id":"#3","name":"b","sourceId":"","members":["x","y","x"],"metadata":{},"capabilities":` + unknown + `,
				"attributes":{"token":{"appIds":["1"]},"new":2},"future":{"a":[1]}}`),
		},
		// What only the server sets is not taken from a client, nor is null a value.
		exchange{
			send: "POST /groups",
			body: groupsOf(`{"id":5,"isDeleted":true,"deletedTime":7,"name":"c","sourceId":null,"members":"allUserAccounts","metadata":null,"capabilities":null,"attributes":null}`),
			want: answered(`{"id":"#4","name":"c","sourceId":"","members":"allUserAccounts","metadata":{},"capabilities":[]}`),
		},
		// An empty sourceId is none.
		exchange{
			send: "POST /groups", body: groupsOf(`{"name":"d","sourceId":"","members":[]}`),
			want: answered(`{"id":"#5","name":"d","sourceId":"","members":[],"metadata":{},"capabilities":[]}`),
		},
	)
	if diff := cmp.Diff([]string{"administrators", "a", "a", "b", "c", "d"}, p.groupNames(t, "", "/groups?all=true")); diff != "" {
		t.Errorf("all groups (-want +got):\n%s", diff)
	}
}

func TestTablesAreAnsweredInOneForm(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	const form = `{"name":"g","capabilities":[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":%s,"new":1}}}}]}`
	p.converse(t, exchange{
		send: "POST /groups",
		body: groupsOf(fmt.Sprintf(form, `{"a":["t","u"],"b":{"tables":["t"]},"c":{},"d":[],"e":{"tables":[]},"f":null}`)),
		want: answered(`{"id":"#1","sourceId":"","metadata":{},` + fmt.Sprintf(form,
			`{"a":{"tables":["t","u"]},"b":{"tables":["t"]},"c":{"tables":[]},"d":{"tables":[]},"e":{"tables":[]},"f":{"tables":[]}}`)[1:]),
	})
}

func TestQuirksOfGroups(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{TextIDs: true, ReverseMembers: true})
	p.converse(t, exchange{
		send: "POST /groups",
		body: groupsOf(`{"name":"g","members":["x","y","z"],"capabilities":[
			{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1,"2"]}}}},
			{"timeSeriesAcl":{"actions":["READ"],"scope":{"assetRootIdScope":{"rootIds":[]}}}}]}`),
		want: answered(`{"id":"#1","name":"g","sourceId":"","metadata":{},"members":["z","y","x"],"capabilities":[
			{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":["1","2"]}}}},
			{"timeSeriesAcl":{"actions":["READ"],"scope":{"assetRootIdScope":{"rootIds":[]}}}}]}`),
	})
}

func TestListGroups(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	p.caller(t, "member", "[]")
	for query, want := range map[string][]string{
		"": {"administrators"}, "?all=false": {"administrators"}, "?all=False": {"administrators"}, "?all=": {"administrators"},
		"?all=true": {"administrators", "member"}, "?all=True": {"administrators", "member"},
		// There are no pages here.
		"?all=true&limit=1": {"administrators", "member"},
	} {
		if diff := cmp.Diff(want, p.groupNames(t, "", "/groups"+query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	p.converse(t, exchange{send: "GET /groups?all=yes", status: 400, want: errorOf(400, `all is "yes": use true or false`)})
}

func TestGroupsThatAreRefused(t *testing.T) {
	t.Parallel()
	pairs := func(count, length int) string {
		var all []string
		for i := range count {
			all = append(all, fmt.Sprintf(`"k%02d":%q`, i, strings.Repeat("v", length)))
		}
		return `{"name":"g","metadata":{` + strings.Join(all, ",") + `}}`
	}
	members := func(count int) string {
		return `{"name":"g","members":["x"` + strings.Repeat(`,"x"`, count-1) + `]}`
	}
	key := func(length int) string {
		return fmt.Sprintf(`{"name":"g","metadata":{%q:"v"}}`, strings.Repeat("k", length))
	}
	const tooLong = ".%s is too long: keys may have 32 bytes, values 512"
	tests := map[string]struct{ group, says string }{
		"no name":             {`{}`, "name is required and must be a text that is not empty"},
		"empty name":          {`{"name":""}`, "name is required and must be a text that is not empty"},
		"null name":           {`{"name":null}`, "name is required and must be a text that is not empty"},
		"misspelt name":       {`{"Name":"g"}`, "name is required and must be a text that is not empty"},
		"number as name":      {`{"name":1}`, "name is required and must be a text that is not empty"},
		"no object":           {`[]`, "it is no object"},
		"null":                {`null`, "it is no object"},
		"number as sourceId":  {`{"name":"g","sourceId":1}`, "sourceId must be a text"},
		"sourceId, members":   {`{"name":"g","sourceId":"s","members":["x"]}`, "members, sourceId cannot be set at the same time"},
		"sourceId, all users": {`{"name":"g","sourceId":"s","members":"allUserAccounts"}`, "members, sourceId cannot be set at the same time"},
		"sourceId, nobody":    {`{"name":"g","sourceId":"s","members":[]}`, "members, sourceId cannot be set at the same time"},
		"constant":            {`{"name":"g","members":"everybody"}`, `members is "everybody": use a list of ids or "allUserAccounts"`},
		"members as object":   {`{"name":"g","members":{}}`, "members must be a list of ids"},
		"members as numbers":  {`{"name":"g","members":[1]}`, "members must be a list of ids"},
		"100 members":         {members(100), ""},
		"101 members":         {members(101), "members has 101 ids: give at most 100"},
		"metadata as list":    {`{"name":"g","metadata":[]}`, "metadata must be an object of texts"},
		"metadata of numbers": {`{"name":"g","metadata":{"a":1}}`, "metadata must be an object of texts"},
		"16 pairs":            {pairs(16, 1), ""},
		"17 pairs":            {pairs(17, 1), "metadata is too large: it may have 16 pairs and 4096 bytes"},
		"32 bytes of key":     {key(32), ""},
		"33 bytes of key":     {key(33), "metadata" + fmt.Sprintf(tooLong, strings.Repeat("k", 33))},
		"512 bytes of value":  {pairs(1, 512), ""},
		"513 bytes of value":  {pairs(1, 513), "metadata" + fmt.Sprintf(tooLong, "k00")},
		"4096 bytes":          {pairs(16, 253), ""},
		"4112 bytes":          {pairs(16, 254), "metadata is too large: it may have 16 pairs and 4096 bytes"},
		"bytes, not letters":  {`{"name":"g","metadata":{"éééééééééééééééé":"v","ééééééééééééééééé":"v"}}`, "metadata" + fmt.Sprintf(tooLong, "ééééééééééééééééé")},
		"attributes as list":  {`{"name":"g","attributes":[]}`, "attributes must be an object"},
		"capabilities":        {`{"name":"g","capabilities":{}}`, "capabilities must be a list"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProject(t, cdf.Options{})
			// One group that is wrong keeps the others away, too.
			e := exchange{send: "POST /groups", body: groupsOf(`{"name":"good"}`, test.group)}
			want := 3
			if test.says != "" {
				e.status, e.want, want = 400, errorOf(400, "items[1]: "+test.says), 1
			}
			p.converse(t, e)
			if got := len(p.groupNames(t, "", "/groups?all=true")); got != want {
				t.Errorf("there are %d groups, want %d", got, want)
			}
		})
	}
}

func TestCapabilitiesThatAreRefused(t *testing.T) {
	t.Parallel()
	scoped := func(scope string) string { return `{"assetsAcl":{"actions":["READ"],"scope":` + scope + `}}` }
	tests := map[string]struct{ entry, says string }{
		"number":              {`5`, "it is no object"},
		"null":                {`null`, "it is no object"},
		"nothing":             {`{}`, "it must have exactly one ACL and has 0"},
		"only projects":       {`{"projectUrlNames":{"urlNames":["local"]}}`, "it must have exactly one ACL and has 0"},
		"two ACLs":            {`{"assetsAcl":{},"eventsAcl":{}}`, "it must have exactly one ACL and has 2"},
		"two unknown":         {`{"a":{},"b":{}}`, "it must have exactly one ACL and has 2"},
		"unknown, odd name":   {`{"future":{"actions":["X"],"scope":{"all":{}}}}`, ""},
		"text":                {`{"assetsAcl":"READ"}`, "assetsAcl is no object"},
		"no actions":          {`{"assetsAcl":{"scope":{"all":{}}}}`, "assetsAcl.actions must be a list with at least one text"},
		"empty actions":       {`{"assetsAcl":{"actions":[],"scope":{"all":{}}}}`, "assetsAcl.actions must be a list with at least one text"},
		"action":              {`{"assetsAcl":{"actions":"READ","scope":{"all":{}}}}`, "assetsAcl.actions must be a list with at least one text"},
		"no scope":            {`{"assetsAcl":{"actions":["READ"]}}`, "assetsAcl.scope must be an object with exactly one scope"},
		"empty scope":         {scoped(`{}`), "assetsAcl.scope must be an object with exactly one scope"},
		"two scopes":          {scoped(`{"all":{},"datasetScope":{"ids":[1]}}`), "assetsAcl.scope must be an object with exactly one scope"},
		"text as scope":       {scoped(`"all"`), "assetsAcl.scope must be an object with exactly one scope"},
		"scope of null":       {scoped(`{"all":null}`), "assetsAcl.scope.all is no object"},
		"scope of text":       {scoped(`{"future":"x"}`), "assetsAcl.scope.future is no object"},
		"unknown scope":       {scoped(`{"future":{}}`), ""},
		"no ids":              {scoped(`{"datasetScope":{}}`), "assetsAcl.scope.datasetScope.ids is missing"},
		"empty ids":           {scoped(`{"datasetScope":{"ids":[]}}`), ""},
		"id, not in a list":   {scoped(`{"datasetScope":{"ids":1}}`), "assetsAcl.scope.datasetScope.ids must be a list of ids"},
		"id that is a name":   {scoped(`{"idScope":{"ids":[1,"a"]}}`), `assetsAcl.scope.idScope.ids[1] is "a": use a whole number`},
		"id that is null":     {scoped(`{"idScope":{"ids":[null]}}`), "assetsAcl.scope.idScope.ids[0] is null: use a whole number"},
		"id with a fraction":  {scoped(`{"partition":{"partitionIds":[1.5]}}`), "assetsAcl.scope.partition.partitionIds[0] is 1.5: use a whole number"},
		"spaces":              {scoped(`{"spaceIdScope":{"spaceIds":["a","b"]}}`), ""},
		"spaces of numbers":   {scoped(`{"spaceIdScope":{"spaceIds":[1]}}`), "assetsAcl.scope.spaceIdScope.spaceIds must be a list of texts"},
		"no tables":           {scoped(`{"tableScope":{}}`), "assetsAcl.scope.tableScope.dbsToTables is missing"},
		"list of databases":   {scoped(`{"tableScope":{"dbsToTables":["db"]}}`), "assetsAcl.scope.tableScope.dbsToTables must be an object of databases"},
		"databases of null":   {scoped(`{"tableScope":{"dbsToTables":null}}`), "assetsAcl.scope.tableScope.dbsToTables must be an object of databases"},
		"table":               {scoped(`{"tableScope":{"dbsToTables":{"db":"t"}}}`), "assetsAcl.scope.tableScope.dbsToTables.db must be a list of tables"},
		"tables of numbers":   {scoped(`{"tableScope":{"dbsToTables":{"db":[1]}}}`), "assetsAcl.scope.tableScope.dbsToTables.db must be a list of tables"},
		"wrapped numbers":     {scoped(`{"tableScope":{"dbsToTables":{"db":{"tables":[1]}}}}`), "assetsAcl.scope.tableScope.dbsToTables.db must be a list of tables"},
		"ACL of other scopes": {`{"timeSeriesAcl":{"actions":["OWNER"],"scope":{"idScope":{"ids":[1]}}}}`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := exchange{send: "POST /groups", body: groupsOf(`{"name":"g","capabilities":[` + scoped(`{"all":{}}`) + `,` + test.entry + `]}`)}
			if test.says != "" {
				e.status, e.want = 400, errorOf(400, "items[0]: capabilities[1]: "+test.says)
			}
			newProject(t, cdf.Options{}).converse(t, e)
		})
	}
}

func TestDataModelingOnly(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{DataModelingOnly: true})
	const form = `{"name":"g","capabilities":[{"%s":{"actions":["READ"],"scope":{"all":{}}}}]}`
	for _, acl := range []string{"assetsAcl", "relationshipsAcl"} {
		p.converse(t, exchange{send: "POST /groups", body: groupsOf(fmt.Sprintf(form, acl)), status: 400,
			want: errorOf(400, "items[0]: capabilities[0]: "+acl+": a project for data modeling only does not take it")})
	}
	p.converse(t, exchange{send: "POST /groups", body: groupsOf(fmt.Sprintf(form, "eventsAcl"))})
}

func TestDeleteGroups(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	missing := func(ids string) string {
		return `{"error":{"code":400,"message":"there are no groups with these ids","missing":[` + ids + `]}}`
	}
	p.converse(t,
		exchange{send: "POST /groups", body: groupsOf(`{"name":"a"}`, `{"name":"a"}`, `{"name":"b"}`)},
		// All or none.
		exchange{send: "POST /groups/delete", body: `{"items":["#1",5,"#2",6]}`, status: 400, want: missing(`{"id":5},{"id":6}`)},
		exchange{send: "POST /groups/delete", body: `{"items":["#1","#1"]}`, want: `{}`},
		exchange{send: "POST /groups/delete", body: `{"items":["#2","#1"]}`, status: 400, want: missing(`{"id":"#1"}`)},
		exchange{send: "POST /groups/delete", body: `{"items":[{"id":"#2"}]}`, status: 400},
		exchange{send: "POST /groups/delete", body: `{"items":["a"]}`, status: 400},
		exchange{send: "POST /groups/delete", body: `{"items":[1.5]}`, status: 400},
		exchange{send: "POST /groups/delete", body: `{"items":[]}`, status: 400},
	)
	if diff := cmp.Diff([]string{"administrators", "a", "b"}, p.groupNames(t, "", "/groups?all=true")); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
}

func TestDeletedGroupsInLists(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{ListDeletedGroups: true})
	p.clock.advance(time.Second)
	p.converse(t,
		exchange{send: "POST /groups", body: groupsOf(`{"name":"g","sourceId":"s","metadata":{"a":"b"},"capabilities":[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]}`)},
		exchange{send: "POST /groups/delete", body: `{"items":["#1"]}`},
	)
	got := p.learn(p.do(t, "", p.request(t, "GET /groups?all=true", "")).Body.String())
	if want := `{"deletedTime":1700000001000,"id":"#1","isDeleted":true,"name":"g"}`; !strings.Contains(got, want) {
		t.Errorf("the list lacks %s: %s", want, got)
	}
}

// The limit counts deleted groups.
func TestGroupLimit(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{GroupLimit: 4})
	full := errorOf(400, "the project has reached its limit of 4 groups, deleted ones included")
	p.converse(t,
		exchange{send: "POST /groups", body: groupsOf(`{"name":"a"}`, `{"name":"b"}`)},
		exchange{send: "POST /groups", body: groupsOf(`{"name":"c"}`, `{"name":"d"}`), status: 400, want: full},
		exchange{send: "POST /groups/delete", body: `{"items":["#1","#2"]}`},
		exchange{send: "POST /groups", body: groupsOf(`{"name":"c"}`, `{"name":"d"}`), status: 400, want: full},
		exchange{send: "POST /groups", body: groupsOf(`{"name":"c"}`)},
		exchange{send: "POST /groups", body: groupsOf(`{"name":"d"}`), status: 400, want: full},
	)
	// What a test plants does not ask.
	if _, err := p.AddGroup([]byte(`{"name":"planted"}`)); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"administrators", "c", "planted"}, p.groupNames(t, "", "/groups?all=true")); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

func TestGroupLimitOfTheService(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	many := func(count int) string { return groupsOf(strings.Repeat(`{"name":"g"},`, count-1) + `{"name":"g"}`) }
	p.converse(t,
		exchange{send: "POST /groups", body: many(1000)},
		exchange{send: "POST /groups", body: many(500), status: 400},
		exchange{send: "POST /groups", body: many(499)},
		exchange{send: "POST /groups", body: many(1), status: 400,
			want: errorOf(400, "the project has reached its limit of 1500 groups, deleted ones included")},
	)
}

// What is planted need not make sense; what makes none grants nothing.
func TestPlantedGroups(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	const capabilities = `[5,{"groupsAcl":{"actions":["LIST"]}},{"groupsAcl":{"actions":["LIST"],"scope":{"all":{},"x":{}}}},
		{"groupsAcl":{"actions":["LIST"],"scope":{"datasetScope":{"ids":["x"]}}}},{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectScope":{"projects":["x"]}},
		{"projectsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectScope":{"allProjects":{}}}]`
	if err := p.AddClient(cdf.Client{ID: "c"}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.AddGroup([]byte(`{"name":"g","sourceId":"s","members":["c"],"capabilities":` + capabilities + `}`)); err != nil {
		t.Fatal(err)
	}
	p.converse(t,
		exchange{as: "c", send: "GET /groups", want: answered(`{"id":"#1","name":"g","sourceId":"s","metadata":{},"members":["c"],"capabilities":` + capabilities + `}`)},
		exchange{as: "c", send: "GET /groups?all=true", status: 403},
		exchange{as: "c", send: "GET //api/v1/projects", want: `{"items":[{"urlName":"local"}]}`},
	)
	for says, group := range map[string]string{"name is required": `{}`, "it is no object": `[]`, "capabilities must be a list": `{"name":"g","capabilities":5}`} {
		if _, err := p.AddGroup([]byte(group)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want %q", group, err, says)
		}
	}
}
