// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"fmt"
	"iter"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// edges is one kind of thing that the server removes together with an object.
type edges struct {
	// one and many name it, many with a %d.
	one, many string
	number    int
	err       error
}

// edgesIn counts a listing of edges.
func edgesIn[T any](one, many string, listing iter.Seq2[T, error]) edges {
	e := edges{one: one, many: many}
	for _, err := range listing {
		if err != nil {
			e.err = err
			break
		}
		e.number++
	}
	return e
}

// String is, for example, "3 members"; empty when there is none.
func (e edges) String() string {
	switch {
	case e.err != nil:
		return strings.ReplaceAll(e.many, "%d", "an unknown number of")
	case e.number == 0:
		return ""
	case e.number == 1:
		return e.one
	default:
		return fmt.Sprintf(e.many, e.number)
	}
}

// warnOfLoss says what a replacement takes away from an object without showing
// it in the plan: lakeFS removes an object's edges with it. Terraform shows the
// provider one object at a time, so which of them the configuration holds is for
// the reader to tell.
func warnOfLoss(p *entity.Planning[api], kind, id string, all ...edges) {
	var losses []string
	for _, e := range all {
		if text := e.String(); text != "" {
			losses = append(losses, text)
		}
	}
	if len(losses) == 0 {
		return
	}
	p.Warn("Replacing a lakeFS "+kind+" removes what is tied to it",
		fmt.Sprintf("On the server, the %s %q has %s. Those that this configuration manages are made anew; all others are lost.",
			kind, id, strings.Join(losses, " and ")))
}
