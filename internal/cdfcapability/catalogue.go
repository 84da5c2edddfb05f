// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	_ "embed" // for the catalogue
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// ACL is one kind of capability that the catalogue knows.
type ACL struct {
	// Name is the API's own, whose case matters: "assetsAcl".
	Name string `json:"acl"`
	// Actions are the actions that the ACL can allow, such as "READ".
	Actions []string `json:"actions"`
	// Scopes are the names of the scopes that the ACL takes, such as "datasetScope".
	Scopes []string `json:"scopes"`
	// Legacy marks an ACL of the past, which comparisons leave out.
	Legacy bool `json:"legacy"`
}

// catalogueText holds one ACL a line, sorted by name: the union of what the Cognite
// Python SDK (8.13.0, 7.94.2) and the Cognite toolkit (August 2026) know. New ACLs
// appear about monthly. To refresh the table, make a JSON list of objects with the members
// acl, actions, scopes and legacy from the newer source, and run
//
//	go test ./internal/cdfcapability -run TestCatalogueIsUpToDate -args -catalogue FILE
//
// which prints the lines of catalogue.json that it would change. What only an older
// source knows stays.
//
//go:embed catalogue.json
var catalogueText []byte

var catalogue, aclsByName = readCatalogue(catalogueText)

var aclNames = slices.Sorted(maps.Keys(aclsByName))

// readCatalogue reads the embedded table; that it is well-formed is tested.
func readCatalogue(text []byte) ([]ACL, map[string]*ACL) {
	var acls []ACL
	if err := json.Unmarshal(text, &acls); err != nil {
		panic("catalogue.json: " + err.Error())
	}
	slices.SortFunc(acls, func(a, b ACL) int { return strings.Compare(a.Name, b.Name) })
	byName := make(map[string]*ACL, len(acls))
	for i := range acls {
		byName[acls[i].Name] = &acls[i]
	}
	return acls, byName
}

// ACLs returns the ACLs of the catalogue, sorted by name, legacy ones included.
func ACLs() []ACL {
	acls := make([]ACL, len(catalogue))
	for i := range catalogue {
		acls[i] = catalogue[i].clone()
	}
	return acls
}

// LookUpACL finds an ACL by its exact name in the API.
func LookUpACL(name string) (ACL, bool) {
	acl, ok := aclsByName[name]
	if !ok {
		return ACL{}, false
	}
	return acl.clone(), true
}

// clone keeps the catalogue out of the reach of callers.
func (a ACL) clone() ACL {
	a.Actions, a.Scopes = slices.Clone(a.Actions), slices.Clone(a.Scopes)
	return a
}

// isLegacy reports whether the catalogue knows an ACL as one of the past.
func isLegacy(acl string) bool {
	known, ok := aclsByName[acl]
	return ok && known.Legacy
}
