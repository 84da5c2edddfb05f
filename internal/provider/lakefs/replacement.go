// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// toCount says in the documentation what some listings are for. Without the
// permission the count is left out.
const toCount = "to count what goes with it; optional"

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

// visible leaves out what could not be counted.
func visible(all ...edges) []edges {
	return slices.DeleteFunc(all, func(e edges) bool { return e.err != nil })
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

// listed joins what there is of several kinds of edges: "2 members and 1 attached
// policy". It is empty when there is nothing.
func listed(all []edges) string {
	var texts []string
	for _, e := range all {
		if text := e.String(); text != "" {
			texts = append(texts, text)
		}
	}
	if n := len(texts); n > 1 {
		return strings.Join(texts[:n-1], ", ") + " and " + texts[n-1]
	}
	return strings.Join(texts, "")
}

// warnOfLoss says at plan what a replacement takes away from an object without
// showing it: lakeFS removes an object's edges with it. Terraform shows the
// provider one object at a time, so which of them the configuration holds is for
// the reader to tell; [warnOfGone] tells it afterwards.
func warnOfLoss(p *entity.Planning[api], kind, id string, all ...edges) {
	if losses := listed(all); losses != "" {
		p.Warn("Replacing a lakeFS "+kind+" removes what is tied to it",
			fmt.Sprintf("On the server, the %s %q has %s. Those that this configuration manages are made anew; all others are lost.", kind, id, losses))
	}
}

// warnOfGone says after a delete what went with the object. Terraform deletes the
// edges that it manages first, so this is what the configuration does not hold, or
// what it holds and Terraform was told to leave alone: a plan with -replace, and
// that of a tainted object, replaces nothing that depends on it by a known id.
func warnOfGone(s *entity.Session[api], kind, id string, gone string) {
	if gone != "" {
		s.Warn("Deleting a lakeFS "+kind+" removed what was tied to it",
			fmt.Sprintf("The %s %q is deleted, and with it went %s. What this configuration manages of that is made anew by the next apply; "+
				"replace_triggered_by in the lifecycle of those resources makes it part of the same one. All else is lost.", kind, id, gone))
	}
}
