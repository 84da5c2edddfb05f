// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package localserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// cdfMember is the member of a seed that is not for lakeFS.
const cdfMember = "cdf"

// splitSeed takes a seed apart into those of the two halves; nil means that there
// is none. What is no JSON object is left to lakeFS to complain about.
func splitSeed(r io.Reader) (lakefs, cdf io.Reader, err error) {
	if r == nil {
		return nil, nil, nil
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, nil, fmt.Errorf("seed: %w", err)
	}
	var members map[string]json.RawMessage
	// A text that is no object leaves no members.
	_ = json.Unmarshal(text, &members)
	if members[cdfMember] == nil {
		return bytes.NewReader(text), nil, nil
	}
	cdf = bytes.NewReader(members[cdfMember])
	delete(members, cdfMember)
	if len(members) == 0 {
		return nil, cdf, nil
	}
	if text, err = json.Marshal(members); err != nil {
		return nil, nil, fmt.Errorf("seed: %w", err)
	}
	return bytes.NewReader(text), cdf, nil
}
