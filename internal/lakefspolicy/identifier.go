// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The kinds of objects whose ids IDFindings judges.
const (
	KindUser   = "user"
	KindGroup  = "group"
	KindPolicy = "policy"
)

// maxIDBytes is a round number below the 64 KiB at which the store of lakeFS 0.97
// fails with an internal error: 64,000 bytes were accepted, 66,000 were not.
const maxIDBytes = 60_000

// idRule is one rule for ids. The detail follows "The KIND id ID".
type idRule struct {
	broken          func(id string) bool
	severity        Severity
	kinds           []string
	summary, detail string
}

var allKinds = []string{KindUser, KindGroup, KindPolicy}

var idRules = []idRule{
	{
		func(id string) bool { return id == "" }, SeverityError, allKinds, "Empty id",
		"is empty, which lakeFS refuses. Choose an id.",
	},
	{
		func(id string) bool { return id == "." || id == ".." }, SeverityError, allKinds, "Id that cannot be addressed",
		"is \".\" or \"..\", which lakeFS stores but then can neither read nor delete, since it has a meaning of its own in a path. Choose another id.",
	},
	{
		func(id string) bool { return strings.ContainsAny(id, "/%") }, SeverityError, allKinds, "Invalid character in id",
		"contains \"/\" or \"%\", which lakeFS refuses. Choose an id without them.",
	},
	{
		func(id string) bool { return len(id) > maxIDBytes }, SeverityError, allKinds, "Id too long",
		"is longer than 60,000 bytes, which lakeFS fails to store. Choose a shorter id.",
	},
	{
		func(id string) bool { return strings.Contains(id, "+") }, SeverityWarning, allKinds, "Id that cannot be addressed",
		"contains \"+\": current versions of lakeFS create and list it, but answer \"not found\" when it is to be read or deleted. Choose an id without it.",
	},
	{
		func(id string) bool { return id != strings.TrimSpace(id) }, SeverityWarning, allKinds, "White space around id",
		"starts or ends with white space, which is part of the id and easily overlooked. Remove it unless it is meant.",
	},
	{
		func(id string) bool { return strings.ContainsFunc(id, isInvisible) }, SeverityWarning, allKinds, "Invisible character in id",
		"contains control or other invisible characters, so it may look like another id. Remove them unless they are meant.",
	},
	{
		func(id string) bool { return strings.ContainsAny(id, "*?") }, SeverityWarning, []string{KindUser}, "Wildcard in user id",
		"contains \"*\" or \"?\". Statements on \"${user}\", such as those of the policy AuthManageOwnCredentials, put the id in place before they compare, " +
			"so it becomes a pattern there: this user gets the same access to all users whose ids match it. Choose an id without them.",
	},
}

// isInvisible reports control and format characters, except the two joiners that
// scripts and emoji need.
func isInvisible(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner
}

// abbreviated quotes an id, of a long one only the start.
func abbreviated(id string) string {
	const enough = 200
	if len(id) <= enough {
		return strconv.Quote(id)
	}
	return strconv.Quote(id[:enough]) + "…"
}

// IDFindings returns what is wrong or doubtful about the id of an object to be
// created, where kind is one of the Kind constants. The findings have no path.
func IDFindings(kind, id string) []Finding {
	var findings []Finding
	for _, rule := range idRules {
		if slices.Contains(rule.kinds, kind) && rule.broken(id) {
			findings = append(findings, Finding{
				Severity: rule.severity,
				Summary:  rule.summary,
				Detail:   fmt.Sprintf("The %s id %s %s", kind, abbreviated(id), rule.detail),
			})
		}
	}
	return findings
}
