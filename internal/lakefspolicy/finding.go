// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import "fmt"

// Severity says how bad a finding is.
type Severity int

const (
	// SeverityWarning marks what may be a mistake and is passed to the server all
	// the same: the server may know more than this package.
	SeverityWarning Severity = iota + 1
	// SeverityError marks what the server refuses, or accepts and then punishes.
	SeverityError
)

// String returns "warning" or "error".
func (s Severity) String() string {
	if s == SeverityError {
		return "error"
	}
	return "warning"
}

// The members of a statement that a Path can name, as Terraform spells them.
const (
	MemberEffect    = "effect"
	MemberActions   = "actions"
	MemberResources = "resources"
	MemberCondition = "condition"
)

// Whole as an index of a Path means all elements together.
const Whole = -1

// Path is the place of a finding within a list of statements.
type Path struct {
	// Statement is the index of the statement, from 0; Whole: the list of statements.
	Statement int
	// Member is one of the Member constants; empty: the statement as such.
	Member string
	// Operator and Field are set as far as the place lies within a condition.
	Operator, Field string
	// Index is the index of the action, resource or value, from 0; Whole: the member itself.
	Index int
}

// String gives the path as in "statement[1].actions[0]".
func (p Path) String() string {
	if p.Statement == Whole {
		return "statement"
	}
	text := fmt.Sprintf("statement[%d]", p.Statement)
	for _, name := range []string{p.Member, p.Operator, p.Field} {
		if name != "" {
			text = memberPath(text, name)
		}
	}
	if p.Index != Whole {
		text += fmt.Sprintf("[%d]", p.Index)
	}
	return text
}

// Finding is something about a policy or an id that its author should know.
type Finding struct {
	// Path is set by Validate only: who asks about one value knows its place.
	Path     Path
	Severity Severity
	// Foreign is set where the only thing wrong with a resource is that it names an account: lakeFS
	// reads it, and compares it with requests, which name none.
	Foreign bool
	// Summary is short and the same for every finding of its kind.
	Summary string
	// Detail says what is wrong, why it matters and what to do, in full sentences.
	Detail string
}

func errorf(summary, detail string, args ...any) Finding {
	return Finding{Severity: SeverityError, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
}

func warningf(summary, detail string, args ...any) Finding {
	return Finding{Severity: SeverityWarning, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
}

// suggestion gives a sentence to append to a detail, or nothing.
func suggestion(near string, ok bool) string {
	if !ok {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", near)
}
