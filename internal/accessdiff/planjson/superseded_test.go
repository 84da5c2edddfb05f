// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
)

// Older groups of CDF that could not be deleted grant what they did until the plan deletes them.
func TestSupersededGroups(t *testing.T) {
	t.Parallel()
	const plan = `{"format_version":"1.2","resource_changes":[{"address":"iam_cdf_group.g","mode":"managed","type":"iam_cdf_group","name":"g","change":{"actions":["update"],
		"before":{"id":9007199254740993,"name":"g","source_id":"src","capability":[],"superseded_ids":[9007199254740992]},
		"after":{"id":9007199254740993,"name":"g","source_id":"src","capability":[],"superseded_ids":[]}}}]}`
	read, err := Read(strings.NewReader(plan))
	if err != nil {
		t.Fatal(err)
	}
	old, err := cdfcapability.ParseList([]byte(`[{"eventsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`))
	if err != nil {
		t.Fatal(err)
	}
	live := accessdiff.World{CDFGroups: []accessdiff.CDFGroup{{ID: 9007199254740992, Name: "g", SourceID: "src", Capabilities: old}, {ID: 9007199254740993, Name: "g", SourceID: "src"}}}
	change := read.Changes(map[string]Live{"iam": {World: live, CDF: true}})[0]
	var lost []string
	for _, p := range accessdiff.Compare(change).Principals {
		for _, l := range p.Lost {
			lost = append(lost, p.Subjects[0].String()+" "+l.Text)
		}
	}
	if diff := cmp.Diff([]string{"source id src eventsAcl:READ in all"}, lost); diff != "" {
		t.Error(diff)
	}
}
