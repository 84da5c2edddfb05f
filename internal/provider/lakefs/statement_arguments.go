// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// This file reads the arguments of functions that are statements in the shape of the API.

// listIn gives a list as JSON; others are told what to write.
func listIn(value types.Dynamic, what string) ([]byte, error) {
	text, err := entity.JSONOf(value)
	if err == nil && !bytes.HasPrefix(text, []byte("[")) {
		err = errors.New("write a list of " + what)
	}
	return text, err
}

// givenPolicy reads a policy: an object with its statements, a list of statements, or a text
// that is the JSON of either.
func givenPolicy(value json.RawMessage) ([]lakefspolicy.Statement, error) {
	if !bytes.HasPrefix(value, []byte(`"`)) {
		return lakefspolicy.ParseStatements(value, lakefspolicy.NullAbsent)
	}
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return nil, err
	}
	return lakefspolicy.ParseStatements([]byte(text), lakefspolicy.NullRefused)
}

// readStatements reads a list of statements, which may be empty.
func readStatements(value types.Dynamic) ([]lakefspolicy.Statement, error) {
	text, err := listIn(value, `statements such as [{ effect = "allow", action = ["fs:ReadObject"], resource = "*" }]`)
	if err != nil {
		return nil, err
	}
	return compared(lakefspolicy.ParseStatements(text, lakefspolicy.NullAbsent))
}

// describeCompared says of statements what compared does.
const describeCompared = "What lakeFS refuses or could never match is an error with its place, even if a server has it stored. Actions that are not known here are compared as they are, and an ARN that names an account matches nothing."

// compared are statements that are compared, maybe none. What lakeFS cannot read or could never
// match would be lost silently there, and a misspelt effect would count as an allow. The ARN of an
// account is read, and allows and denies nothing in the comparison either.
func compared(statements []lakefspolicy.Statement, err error) ([]lakefspolicy.Statement, error) {
	if err != nil || len(statements) == 0 {
		return nil, err
	}
	return statements, firstError(statements, func(f lakefspolicy.Finding) bool { return !f.Foreign })
}

// firstError is the first finding that is an error and counts, with its place.
func firstError(statements []lakefspolicy.Statement, counts func(lakefspolicy.Finding) bool) error {
	for _, finding := range lakefspolicy.Validate(statements, lakefspolicy.Options{}) {
		if finding.Severity == lakefspolicy.SeverityError && counts(finding) {
			return fmt.Errorf("%s: %s", placeInAPI(finding.Path, statements), clause(finding))
		}
	}
	return nil
}

// placeInAPI names the place of a finding by the names that the API has.
func placeInAPI(place lakefspolicy.Path, statements []lakefspolicy.Statement) string {
	if place.Member == lakefspolicy.MemberResources && len(statements[place.Statement].Resources) == 1 {
		place.Index = lakefspolicy.Whole // no list was written
	}
	place.Member = memberInAPI(place.Member)
	return place.String()
}

func memberInAPI(member string) string {
	switch member {
	case lakefspolicy.MemberActions:
		return "action"
	case lakefspolicy.MemberResources:
		return "resource"
	}
	return member
}

// clause is the detail of a finding behind a colon and without its end: Terraform ends the
// sentence with a full stop, which would follow a question mark.
func clause(finding lakefspolicy.Finding) string {
	detail := strings.TrimSuffix(finding.Detail, ".")
	if before, near, asks := strings.Cut(detail, " Did you mean "); asks {
		detail = before + " The nearest is " + strings.TrimSuffix(near, "?")
	}
	if finding.Summary == lakefspolicy.SummaryUnknownOperator {
		detail = strings.TrimSuffix(detail, ".") + ". What operators mean that extra_condition_operators admits is known to the server alone, so none of these counts here"
	}
	return strings.ToLower(detail[:1]) + detail[1:]
}
