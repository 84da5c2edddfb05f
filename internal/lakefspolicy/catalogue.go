// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"slices"
	"strings"
)

// catalogueEntry is one action that some version of lakeFS checks.
type catalogueEntry struct {
	name string
	// removed is true for an action that 0.97 checks and 1.84 does not know.
	removed bool
}

// catalogue holds the 74 actions of lakeFS 1.84 and those that went away since
// 0.97, service by service.
var catalogue = slices.Concat(
	serviceActions("fs",
		"ReadRepository", "CreateRepository", "UpdateRepository", "DeleteRepository", "ListRepositories",
		"AttachStorageNamespace", "ImportFromStorage", "ImportCancel",
		"ReadObject", "WriteObject", "DeleteObject", "ListObjects",
		"CreateCommit", "ReadCommit", "ListCommits",
		"CreateBranch", "DeleteBranch", "ReadBranch", "RevertBranch", "ListBranches",
		"CreateTag", "DeleteTag", "ReadTag", "ListTags",
		"ReadConfig"),
	[]catalogueEntry{{name: "fs:CreateMetaRange", removed: true}},
	serviceActions("auth",
		"ReadUser", "CreateUser", "DeleteUser", "ListUsers",
		"ReadGroup", "CreateGroup", "DeleteGroup", "ListGroups",
		"AddGroupMember", "RemoveGroupMember",
		"ReadPolicy", "CreatePolicy", "UpdatePolicy", "DeletePolicy", "ListPolicies",
		"AttachPolicy", "DetachPolicy",
		"ReadCredentials", "CreateCredentials", "DeleteCredentials", "ListCredentials",
		"CreateUserExternalPrincipal", "DeleteUserExternalPrincipal", "ReadExternalPrincipal"),
	serviceActions("ci", "ReadAction"),
	serviceActions("retention",
		"PrepareGarbageCollectionCommits", "PrepareGarbageCollectionUncommitted",
		"GetGarbageCollectionRules", "SetGarbageCollectionRules"),
	serviceActions("branches", "GetBranchProtectionRules", "SetBranchProtectionRules"),
	serviceActions("pr", "ReadPullRequest", "WritePullRequest", "ListPullRequests"),
	serviceActions("catalog",
		"ListNamespaces", "GetNamespace", "CreateNamespace", "UpdateNamespace", "DeleteNamespace",
		"ListTables", "ReadTable", "CreateTable", "UpdateTable", "DeleteTable",
		"ListViews", "ReadView", "CreateView", "UpdateView", "DeleteView"),
)

func serviceActions(service string, names ...string) []catalogueEntry {
	entries := make([]catalogueEntry, len(names))
	for i, name := range names {
		entries[i].name = service + ":" + name
	}
	return entries
}

// actionServices are the services that lakeFS 1.84 accepts in an action; 0.97
// refuses pr and catalog.
var actionServices = []string{"fs", "auth", "ci", "retention", "branches", "pr", "catalog"}

// resourceServices are the services that occur in the ARNs of requests.
var resourceServices = []string{"fs", "auth", "catalog"}

// Actions returns the names of the 74 actions that lakeFS 1.84 checks, sorted.
func Actions() []string {
	return actionNames(false)
}

// RemovedActions returns the names of the actions that lakeFS 0.97 checks and 1.84
// does not know, sorted.
func RemovedActions() []string {
	return actionNames(true)
}

func actionNames(removed bool) []string {
	var names []string
	for _, entry := range catalogue {
		if entry.removed == removed {
			names = append(names, entry.name)
		}
	}
	slices.Sort(names)
	return names
}

// allActionNames are the names of the catalogue, those of older versions included.
var allActionNames = slices.Sorted(slices.Values(append(Actions(), RemovedActions()...)))

// NearestAction returns the known action that the text most likely means: the one
// that differs only in case, else the one with the fewest typing mistakes within
// a small bound. The text may be a pattern, and may lack the service.
func NearestAction(text string) (string, bool) {
	if strings.Contains(text, ":") {
		return nearest(text, allActionNames)
	}
	bare := make([]string, len(allActionNames))
	full := make(map[string]string, len(allActionNames))
	for i, action := range allActionNames {
		_, bare[i], _ = strings.Cut(action, ":")
		full[bare[i]] = action
	}
	name, ok := nearest(text, bare)
	return full[name], ok
}

// MatchesKnownAction reports whether a pattern covers an action of the catalogue.
func MatchesKnownAction(pattern string) bool {
	if !strings.ContainsAny(pattern, "*?") {
		_, found := slices.BinarySearch(allActionNames, pattern)
		return found
	}
	return slices.ContainsFunc(allActionNames, func(action string) bool {
		return matchGlob(pattern, action)
	})
}
