// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// number is a whole number that some answers give as a text. No digit of an id
// beyond 2^53 is lost, as it would be in a float.
type number int64

// UnmarshalJSON reads both forms; null leaves the number as it is.
func (n *number) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	value, err := strconv.ParseInt(strings.Trim(string(data), `"`), 10, 64)
	if err != nil {
		// Without the value: errors quote nothing of an answer.
		return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[int64]()}
	}
	*n = number(value)
	return nil
}
