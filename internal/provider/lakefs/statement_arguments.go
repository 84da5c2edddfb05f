// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// This file reads the arguments of functions that are statements in the shape of the API.

// treeOf reads a dynamic value as JSON does. Members that are null because Terraform has
// given all objects of a list the same members are left out, as far as they may be absent.
func treeOf(value attr.Value) (any, error) {
	text, err := entity.JSONOf(value)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	return withoutAbsent(tree), nil
}

func withoutAbsent(tree any) any {
	switch tree := tree.(type) {
	case []any:
		for i := range tree {
			tree[i] = withoutAbsent(tree[i])
		}
	case map[string]any:
		for name, member := range tree {
			switch name {
			case "id", "creation_date", "condition", "source_ip":
				if member == nil {
					delete(tree, name)
					continue
				}
			}
			tree[name] = withoutAbsent(member)
		}
	}
	return tree
}

// documentIn reads a policy: an object with its statements, a list of statements or, where
// texts may stand for them, the JSON of either.
func documentIn(tree any) (lakefspolicy.Document, error) {
	if text, isText := tree.(string); isText {
		trimmed := strings.TrimSpace(text)
		if strings.HasPrefix(trimmed, "[") {
			trimmed = `{"statement":` + trimmed + `}`
		}
		return lakefspolicy.ParseDocument([]byte(trimmed))
	}
	if list, isList := tree.([]any); isList {
		tree = map[string]any{"statement": list}
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return lakefspolicy.Document{}, err
	}
	return lakefspolicy.ParseDocument(text)
}

// readStatements reads a list of statements, which may be empty.
func readStatements(tree any) ([]lakefspolicy.Statement, error) {
	list, isList := tree.([]any)
	switch {
	case !isList:
		return nil, fmt.Errorf("write a list of statements such as [{ effect = \"allow\", action = [\"fs:ReadObject\"], resource = \"*\" }]")
	case len(list) == 0:
		return nil, nil
	}
	return comparedStatements(list)
}

// comparedStatements are the statements of a policy that is compared. lakeFS takes any
// effect but "deny" for an allow, so a misspelt one would be lost silently.
func comparedStatements(policy any) ([]lakefspolicy.Statement, error) {
	document, err := documentIn(policy)
	if err != nil {
		return nil, err
	}
	for i, statement := range document.Statements {
		if findings := lakefspolicy.ValidateEffect(statement.Effect); len(findings) > 0 {
			return nil, fmt.Errorf("statement[%d].effect: %s", i, strings.TrimSuffix(findings[0].Detail, "."))
		}
	}
	return document.Statements, nil
}

// textsOf reads an object whose members are texts: all of the names, and no others.
func textsOf(path string, tree any, names ...string) (map[string]string, error) {
	members, isObject := tree.(map[string]any)
	if !isObject {
		return nil, fmt.Errorf("%s is no object: write { %s }", cmp.Or(path, "it"), strings.Join(names, ", "))
	}
	if path != "" {
		path += "."
	}
	texts := make(map[string]string, len(names))
	for _, name := range names {
		text, isText := members[name].(string)
		if !isText {
			return nil, fmt.Errorf("%s%s is missing, or no text", path, name)
		}
		texts[name] = text
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if _, known := texts[name]; !known {
			return nil, fmt.Errorf("%s%s is no member that is known here: there are %s", path, name, strings.Join(names, ", "))
		}
	}
	return texts, nil
}
