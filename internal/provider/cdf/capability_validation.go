// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// capabilityCheck validates the value of `capability`, element by element: what is
// unknown is passed over, what is null is refused. Terraform lets a null inside a
// list or map through.
type capabilityCheck struct {
	// object names in messages what the capabilities are part of.
	object string
	// argument is the name of the list, "capability" as a rule.
	argument string
	// parse reads JSON: where access is granted, more strictly than where it is compared.
	parse parse
	diags diag.Diagnostics
}

// list checks all capabilities.
func (c *capabilityCheck) list(list types.List) {
	for i, element := range list.Elements() {
		at, place := path.Root(c.argument).AtListIndex(i), fmt.Sprintf("%s, %s %d: ", c.object, c.argument, i+1)
		object, ok := element.(types.Object)
		switch {
		case !ok || object.IsUnknown():
			continue
		case object.IsNull():
			c.fail(at, place, "Null in "+c.argument, "it is null. Remove it, or give it a value.")
			continue
		}
		errors := c.diags.ErrorsCount()
		attributes := object.Attributes()
		c.acl(at.AtName("acl"), place, attributes["acl"])
		c.actions(at.AtName("actions"), place, attributes["actions"])
		c.scope(at.AtName("scope"), place, attributes["scope"])
		if capability, ok := capabilityIn(object); ok && c.diags.ErrorsCount() == errors {
			c.doubts(at, place, object, capability)
		}
	}
}

// doubts tells what is doubtful about a capability block, at the argument that it is about:
// of a block as a whole, Terraform shows the beginning of the resource.
func (c *capabilityCheck) doubts(at path.Path, place string, block types.Object, capability cdfcapability.Capability) {
	scope, ok := theScope(block)
	if !ok {
		return
	}
	argument := setArguments(scope)[0]
	if argument == "json" {
		about := at.AtName("scope").AtListIndex(0).AtName(argument)
		c.diags.Append(diagnose(about, place, unknownInScope(capability.Scope))...)
	}
	for _, finding := range cdfcapability.ValidateBlock(capability, argument) {
		about := at.AtName("acl")
		switch {
		case strings.HasPrefix(finding.Path, "actions"):
			about = at.AtName("actions")
		case strings.HasPrefix(finding.Path, "scope"):
			about = at.AtName("scope").AtListIndex(0).AtName(argument)
		}
		c.diags.Append(diagnose(about, place, []cdfcapability.Finding{finding})...)
	}
}

// unknownInScope finds the members of a scope that the API is not known to have.
func unknownInScope(scope cdfcapability.Scope) []cdfcapability.Finding {
	findings := cdfcapability.UnknownMembers([]cdfcapability.Capability{{ACL: anyACL, Scope: scope}})
	for i, finding := range findings {
		findings[i].Detail = strings.TrimPrefix(finding.Path, anyPath) + ": " + finding.Detail
	}
	return findings
}

func (c *capabilityCheck) fail(at path.Path, place, summary, detail string) {
	c.diags.AddAttributeError(at, summary, place+detail)
}

func (c *capabilityCheck) acl(at path.Path, place string, value attr.Value) {
	if acl, ok := value.(types.String); ok && !acl.IsUnknown() && acl.ValueString() == "" {
		c.fail(at, place, "Missing ACL", "acl is required, for example \"assetsAcl\".")
	}
}

func (c *capabilityCheck) actions(at path.Path, place string, value attr.Value) {
	actions, ok := value.(types.List)
	switch {
	case !ok || actions.IsUnknown():
	case len(actions.Elements()) == 0:
		c.fail(at, place, "Missing actions", "actions needs at least one element, for example \"READ\": without one the capability grants nothing.")
	default:
		c.elements(at, place, "actions", actions, giveValue)
	}
}

// giveValue says what to do about an element of a list that says nothing.
const giveValue = "Remove it, or give it a value."

// elements refuses nulls and empty texts in a list, and numbers that are no ids. Instead says
// what to do about an empty text.
func (c *capabilityCheck) elements(at path.Path, place, name string, list types.List, instead string) {
	for i, element := range list.Elements() {
		if element.IsNull() {
			c.fail(at.AtListIndex(i), place, "Null in "+name, "a value in "+name+" is null. "+giveValue)
			continue
		}
		if element.IsUnknown() {
			continue
		}
		switch element := element.(type) {
		case types.String:
			if element.ValueString() == "" {
				c.fail(at.AtListIndex(i), place, "Empty text in "+name, "a value in "+name+" is empty. "+instead)
			}
		case types.Number:
			c.id(at.AtListIndex(i), place, name, element.ValueBigFloat())
		}
	}
}

// id refuses a number that is no id. The Cognite Toolkit leaves -1 for a name that it
// could not resolve.
func (c *capabilityCheck) id(at path.Path, place, name string, number *big.Float) {
	id, whole := wholeNumber(number)
	switch {
	case !whole:
		c.fail(at, place, "Not an id", fmt.Sprintf("%s is in %s, but an id is a whole number of at most 64 bits.", numberText(number), name))
	case id <= 0:
		c.fail(at, place, "Not an id", fmt.Sprintf("%d is in %s, but an id is positive.", id, name))
	}
}

// numberText writes a number as a user would, unless that has very many digits.
func numberText(number *big.Float) string {
	const bits = 256
	if exponent := number.MantExp(nil); exponent > bits || exponent < -bits {
		return number.Text('g', -1)
	}
	return number.Text('f', -1)
}

func (c *capabilityCheck) scope(at path.Path, place string, value attr.Value) {
	scopes, ok := value.(types.List)
	if !ok || scopes.IsUnknown() {
		return
	}
	n := len(scopes.Elements())
	if n != 1 && entity.HasUnknownCount(scopes) {
		return // of dynamic blocks, one for each case, that are not expanded yet
	}
	if n != 1 {
		c.fail(at, place, "Not one scope", fmt.Sprintf("a capability has exactly one scope block, here are %d. For another scope, write another capability.", n))
		return
	}
	at = at.AtListIndex(0)
	scope, ok := scopes.Elements()[0].(types.Object)
	switch {
	case !ok || scope.IsUnknown():
		return
	case scope.IsNull():
		c.fail(at, place, "Null in scope", "the scope is null. Give it a value, for example all = true.")
		return
	}
	names := setArguments(scope)
	if len(names) != 1 {
		c.arguments(at, place, scope, names)
	}
	for _, name := range names {
		c.argumentValue(at.AtName(name), place, name, scope.Attributes()[name])
	}
}

// arguments explains a scope that does not set exactly one argument. One that is
// unknown may turn out to be null.
func (c *capabilityCheck) arguments(at path.Path, place string, scope types.Object, names []string) {
	known := 0
	for _, name := range names {
		if !scope.Attributes()[name].IsUnknown() {
			known++
		}
	}
	switch {
	case len(names) == 0:
		c.fail(at, place, "Empty scope", "a scope sets exactly one of its arguments, for example all = true.")
	case known > 1:
		c.fail(at, place, "Several scopes in one", fmt.Sprintf("a scope sets exactly one of its arguments, here are %s. For another scope, write another capability.", strings.Join(names, " and ")))
	}
}

// argumentValue checks the value of an argument that a scope sets.
func (c *capabilityCheck) argumentValue(at path.Path, place, name string, value attr.Value) {
	if value.IsUnknown() {
		return
	}
	switch value := value.(type) {
	case types.Bool:
		if !value.ValueBool() {
			c.fail(at, place, "Scope that is off", fmt.Sprintf("%s is false, which leaves the capability without a scope. Write %s = true, or another argument.", name, name))
		}
	case types.String:
		if _, err := parseScope(value.ValueString(), c.parse); err != nil {
			c.fail(at, place, "Not a scope", fmt.Sprintf("json is not a scope as the API has it: %s Write, for example, jsonencode({ newScope = { ids = [1] } }).", entity.Sentence(err.Error())))
		}
	case types.List:
		c.elements(at, place, name, value, giveValue)
	case types.Map:
		for _, database := range slices.Sorted(maps.Keys(value.Elements())) {
			if tables, ok := value.Elements()[database].(types.List); ok {
				c.tables(at.AtMapKey(database), place, database, tables)
			}
		}
	}
}

// tables checks one database of the argument tables. What names no table is refused rather
// than taken for the whole database.
func (c *capabilityCheck) tables(at path.Path, place, database string, tables types.List) {
	switch {
	case database == "":
		c.fail(at, place, "Database without a name", "the name of a database in tables is empty. Name it, or write all = true for every database.")
	case tables.IsNull():
		c.fail(at, place, "Null in tables", fmt.Sprintf("the tables of the database %q are null. Write [] for the whole database.", database))
	}
	c.elements(at, place, "the tables of "+database, tables, fmt.Sprintf("Write %s = [] for the whole database, or name the table.", entity.HCLString(database)))
}

// json validates an argument that holds capabilities in the API's shape.
func (c *capabilityCheck) json(at path.Path, value types.String) {
	if !entity.Known(value) || value.ValueString() == "" {
		return
	}
	capabilities, err := c.parse([]byte(value.ValueString()))
	if err != nil {
		detail := entity.Sentence(err.Error())
		if name := cdfcapability.FindName(err); name != "" {
			detail += fmt.Sprintf("\n\nIf %q is a name, as the files of the Cognite Toolkit have them, provider::iam::cdf_capabilities(value, ids) puts ids in the place of names.", name)
		}
		c.fail(at, c.object+": ", "Not a list of capabilities", detail)
		return
	}
	findings := slices.Concat(cdfcapability.Validate(capabilities), cdfcapability.UnknownMembers(capabilities))
	for i, finding := range findings {
		findings[i].Detail = finding.Path + ": " + finding.Detail
	}
	c.diags.Append(diagnose(at, c.object+": ", findings)...)
}

// diagnose turns findings of the algebra into diagnostics. The object is put in
// front of the detail, since Terraform drops diagnostics that read the same.
func diagnose(at path.Path, place string, findings []cdfcapability.Finding) (diags diag.Diagnostics) {
	for _, finding := range findings {
		detail := place + finding.Detail
		if finding.Error {
			diags.AddAttributeError(at, finding.Summary, detail)
		} else {
			diags.AddAttributeWarning(at, finding.Summary, detail)
		}
	}
	return diags
}
