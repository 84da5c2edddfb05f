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

// compared are statements that are compared. lakeFS takes any effect but "deny" for an
// allow, so a misspelt one would be lost silently.
func compared(statements []lakefspolicy.Statement, err error) ([]lakefspolicy.Statement, error) {
	if err != nil {
		return nil, err
	}
	for i, statement := range statements {
		if findings := lakefspolicy.ValidateEffect(statement.Effect); len(findings) > 0 {
			return nil, fmt.Errorf("statement[%d].effect: %s", i, strings.TrimSuffix(findings[0].Detail, "."))
		}
	}
	return statements, nil
}
