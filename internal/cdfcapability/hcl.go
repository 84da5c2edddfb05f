// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// HCL writes capabilities as the `capability` blocks that a user would write in a resource
// iam_cdf_group, formatted, each with a newline at its end. A scope that has no argument of its own
// is written as `json`. Members that blocks cannot hold stand in a comment.
func HCL(list []Capability) string {
	var text strings.Builder
	for i := range list {
		c := &list[i]
		fmt.Fprintf(&text, "capability {\n  acl     = %s\n  actions = %s\n  scope { %s = %s }\n%s}\n",
			hclString(c.ACL), hclStrings(c.Actions), c.scopeArgument(), c.scopeExpression(), c.comments())
	}
	return text.String()
}

// scopeArgument gives the argument for the scope: json, too, where the argument would stand for
// another scope or would lose something.
func (c *Capability) scopeArgument() string {
	argument := Argument(c.Scope.Name)
	name, ok := ScopeNameFor(argument, c.ACL)
	if !ok || name != c.Scope.Name || len(c.Scope.Extra)+len(c.Scope.Beside) > 0 {
		return argumentJSON
	}
	return argument
}

// scopeExpression gives the value of that argument.
func (c *Capability) scopeExpression() string {
	if c.scopeArgument() == argumentJSON {
		return "jsonencode(" + hclJSON(c.scopeJSON()) + ")"
	}
	switch scopesByName[c.Scope.Name].Values {
	case Numbers:
		numbers := make([]string, len(c.Scope.IDs))
		for i, id := range c.Scope.IDs {
			numbers[i] = strconv.FormatInt(id, 10)
		}
		return "[" + strings.Join(numbers, ", ") + "]"
	case Texts:
		return hclStrings(c.Scope.Texts)
	case Tables:
		databases := make([]string, 0, len(c.Scope.Tables))
		for _, name := range slices.Sorted(maps.Keys(c.Scope.Tables)) {
			databases = append(databases, hclKey(name)+" = "+hclStrings(c.Scope.Tables[name]))
		}
		return hclObject(databases)
	default:
		return "true"
	}
}

// scopeJSON gives the scope as the API has it.
func (c *Capability) scopeJSON() any {
	entry, err := appendCapability(nil, &Capability{ACL: c.ACL, Scope: c.Scope})
	if err != nil {
		// Only a list that was not parsed can hold what is no JSON.
		return map[string]any{c.Scope.Name: string(c.Scope.Raw)}
	}
	var decoded map[string]struct{ Scope any }
	decoder := json.NewDecoder(bytes.NewReader(entry))
	decoder.UseNumber()
	if err := decoder.Decode(&decoded); err != nil {
		panic("a written capability cannot be read: " + err.Error())
	}
	return decoded[c.ACL].Scope
}

// comments names the members that only capabilities_json can hold.
func (c *Capability) comments() string {
	var text strings.Builder
	for _, members := range []map[string]json.RawMessage{c.Siblings, c.Extra} {
		for _, name := range slices.Sorted(maps.Keys(members)) {
			fmt.Fprintf(&text, "  # Only capabilities_json can hold: %s = %s\n", quoteText(name), canonicalJSON(members[name]))
		}
	}
	return text.String()
}

// hclJSON writes a JSON value as an expression.
func hclJSON(value any) string {
	switch value := value.(type) {
	case map[string]any:
		members := make([]string, 0, len(value))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			members = append(members, hclKey(name)+" = "+hclJSON(value[name]))
		}
		return hclObject(members)
	case []any:
		elements := make([]string, len(value))
		for i, element := range value {
			elements[i] = hclJSON(element)
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case string:
		return hclString(value)
	default:
		return string(appendCanonical(nil, value))
	}
}

func hclObject(members []string) string {
	if len(members) == 0 {
		return "{}"
	}
	return "{ " + strings.Join(members, ", ") + " }"
}

func hclStrings(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = hclString(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// notAsKey are words that mean something else at the beginning of an object.
var notAsKey = []string{"for", "true", "false", "null"}

// hclKey writes the name of a member of an object, in quotes only when it needs them.
func hclKey(name string) string {
	plain := name != "" && !slices.Contains(notAsKey, name) && strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0 && (name[0] < '0' || name[0] > '9')
	if plain {
		return name
	}
	return hclString(name)
}

// hclEscapes are the characters that a quoted text of HCL has words of its own for.
var hclEscapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

// hclString writes a text in quotes. What looks like a template is doubled at its start.
func hclString(s string) string {
	var text strings.Builder
	text.WriteByte('"')
	runes := []rune(s)
	for i, r := range runes {
		template := (r == '$' || r == '%') && i+1 < len(runes) && runes[i+1] == '{'
		switch escape, ok := hclEscapes[r]; {
		case ok:
			text.WriteString(escape)
		case template:
			text.WriteString(string([]rune{r, r}))
		case !unicode.IsPrint(r) && r > 0xffff:
			fmt.Fprintf(&text, `\U%08x`, r)
		case !unicode.IsPrint(r):
			fmt.Fprintf(&text, `\u%04x`, r)
		default:
			text.WriteRune(r)
		}
	}
	text.WriteByte('"')
	return text.String()
}
