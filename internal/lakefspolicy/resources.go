// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// isResourceList reports whether a server reads the text as a JSON list of
// resources. lakeFS looks at nothing but the first and the last byte.
func isResourceList(text string) bool {
	return strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]")
}

// EncodeResources gives the resource member of the API's Statement: one resource
// as it is, any other number as a JSON list inside the string, which lakeFS reads
// since 1.54.0. One resource that would itself be read as a list is wrapped in a
// list too, so DecodeResource always gives back what went in.
func EncodeResources(resources []string) string {
	if len(resources) == 1 && !isResourceList(resources[0]) {
		return resources[0]
	}
	return compactJSON(nonNil(resources))
}

// DecodeResource gives the resources that the resource member of the API's
// Statement holds. It fails where the server would: on a text that looks like a
// list and is none, and on an empty element. A server that meets such a text in a
// policy denies every request of the users who have that policy.
func DecodeResource(text string) ([]string, error) {
	if !isResourceList(text) {
		return []string{text}, nil
	}
	var resources []string
	if err := json.Unmarshal([]byte(text), &resources); err != nil {
		return nil, fmt.Errorf("the resource %q starts with [ and ends with ], but is not a JSON list of strings: %w", text, err)
	}
	// null decodes to the empty string, here as well as on the server.
	if slices.Contains(resources, "") {
		return nil, errors.New("the list of resources holds an empty resource")
	}
	return resources, nil
}

// nonNil gives a list that JSON shows as [] rather than null.
func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
