// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"maps"
	"slices"
)

// Values says what a kind of scope lists.
type Values int

const (
	// NoValues marks a scope that lists nothing: it is one thing as a whole.
	NoValues Values = iota
	// Numbers marks a scope that lists ids.
	Numbers
	// Texts marks a scope that lists names or external ids.
	Texts
	// Tables marks the scope that maps RAW databases to lists of their tables.
	Tables
)

// ScopeKind is one kind of scope that the API knows.
type ScopeKind struct {
	// Name is the API's own, whose case matters: "datasetScope", "idscope".
	Name string
	// Parameter is the member of the scope's object that holds the values; empty
	// for NoValues.
	Parameter string
	// Values says what the parameter lists.
	Values Values
}

// scopeRow is what this package knows of a kind of scope.
type scopeRow struct {
	ScopeKind
	// snake is the parameter in snake_case, which is read, too.
	snake string
	// argument is the argument of a `scope` block in Terraform; empty: none.
	argument string
	// noun names one value in a line such as "in data set 12", nouns several; empty
	// where the name of the scope has to do.
	noun, nouns string
	// numbersAsTexts is true where the Python SDK turns numbers into texts.
	numbersAsTexts bool
}

// The scopes that rules of their own apply to.
const (
	scopeAll          = "all"
	scopeTables       = "tableScope"
	scopeSpaces       = "spaceIdScope"
	scopeLegacySpaces = "spaceScope"
	scopeIDs          = "idScope"
	argumentIDs       = "ids"
	argumentJSON      = "json"
)

// scopeTable holds the kinds of scope, sorted by name. idScope and idscope are two
// kinds: the API takes one or the other, depending on the ACL. spaceScope and
// dataModelScope are of the past.
var scopeTable = []scopeRow{
	{ScopeKind: ScopeKind{"agentExternalIdScope", "externalIds", Texts}, snake: "external_ids", argument: "agent_external_ids", noun: "agent external id", nouns: "agent external ids"},
	{ScopeKind: ScopeKind{scopeAll, "", NoValues}, argument: "all", noun: "all"},
	{ScopeKind: ScopeKind{"appExternalIdScope", "externalIds", Texts}, snake: "external_ids", argument: "app_external_ids", noun: "app external id", nouns: "app external ids", numbersAsTexts: true},
	{ScopeKind: ScopeKind{"appScope", "apps", Texts}, argument: "apps", noun: "app", nouns: "apps"},
	{ScopeKind: ScopeKind{"assetRootIdScope", "rootIds", Numbers}, snake: "root_ids", argument: "asset_root_ids", noun: "asset root", nouns: "asset roots"},
	{ScopeKind: ScopeKind{"currentuserscope", "", NoValues}, argument: "current_user", noun: "current user"},
	{ScopeKind: ScopeKind{"dataModelScope", "externalIds", Texts}, snake: "external_ids"},
	{ScopeKind: ScopeKind{"datasetScope", "ids", Numbers}, argument: "data_set_ids", noun: "data set", nouns: "data sets"},
	{ScopeKind: ScopeKind{"experimentscope", "experiments", Texts}, argument: "experiments", noun: "experiment", nouns: "experiments"},
	{ScopeKind: ScopeKind{"extractionPipelineScope", "ids", Numbers}, argument: "extraction_pipeline_ids", noun: "extraction pipeline", nouns: "extraction pipelines"},
	{ScopeKind: ScopeKind{scopeIDs, "ids", Numbers}, argument: argumentIDs, noun: "id", nouns: "ids"},
	{ScopeKind: ScopeKind{"idscope", "ids", Numbers}, argument: argumentIDs, noun: "id", nouns: "ids"},
	{ScopeKind: ScopeKind{"instancesScope", "instances", Texts}, argument: "instances", noun: "instance", nouns: "instances"},
	{ScopeKind: ScopeKind{"partition", "partitionIds", Numbers}, snake: "partition_ids", argument: "partition_ids", noun: "partition", nouns: "partitions"},
	{ScopeKind: ScopeKind{scopeSpaces, "spaceIds", Texts}, snake: "space_ids", argument: "space_ids", noun: "space", nouns: "spaces"},
	{ScopeKind: ScopeKind{scopeLegacySpaces, "externalIds", Texts}, snake: "external_ids"},
	{ScopeKind: ScopeKind{scopeTables, "dbsToTables", Tables}, snake: "dbs_to_tables", argument: "tables", noun: "table", nouns: "tables and databases"},
	{ScopeKind: ScopeKind{"usersScope", "usernames", Texts}, argument: "usernames", noun: "user", nouns: "users", numbersAsTexts: true},
}

var scopesByName = func() map[string]*scopeRow {
	byName := make(map[string]*scopeRow, len(scopeTable))
	for i := range scopeTable {
		byName[scopeTable[i].Name] = &scopeTable[i]
	}
	return byName
}()

var scopeNames = slices.Sorted(maps.Keys(scopesByName))

// ScopeKinds returns the known kinds of scope, sorted by name.
func ScopeKinds() []ScopeKind {
	kinds := make([]ScopeKind, len(scopeTable))
	for i := range scopeTable {
		kinds[i] = scopeTable[i].ScopeKind
	}
	return kinds
}

// LookUpScope finds a kind of scope by its exact name in the API.
func LookUpScope(name string) (ScopeKind, bool) {
	row, ok := scopesByName[name]
	if !ok {
		return ScopeKind{}, false
	}
	return row.ScopeKind, true
}

// Argument returns the argument of a `scope` block that stands for a scope of the
// API, such as "data_set_ids"; "json" for a scope that has none.
func Argument(scopeName string) string {
	if row, ok := scopesByName[scopeName]; ok && row.argument != "" {
		return row.argument
	}
	return argumentJSON
}

// ScopeNameFor returns the scope of the API that an argument of a `scope` block
// stands for. The argument "ids" stands for idscope or idScope, as the ACL takes; for
// idScope where the catalogue does not tell. It returns false for "json" and for
// arguments that do not exist.
func ScopeNameFor(argument, acl string) (string, bool) {
	name, found := "", false
	for _, row := range scopeTable {
		if row.argument == "" || row.argument != argument {
			continue
		}
		if !found || aclTakes(acl, row.Name) {
			name, found = row.Name, true
		}
	}
	return name, found
}

// aclTakes reports whether the catalogue lists a scope for an ACL.
func aclTakes(acl, scope string) bool {
	known, ok := aclsByName[acl]
	return ok && slices.Contains(known.Scopes, scope)
}
