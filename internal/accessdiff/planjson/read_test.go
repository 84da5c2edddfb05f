// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
)

// What is no plan is refused, and the error says what it is.
func TestBadInput(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile("testdata/moves/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	const other = `{"format_version":"1.2","planned_values":{},"resource_changes":[{"address":"aws_s3_bucket.a","mode":"managed","type":"aws_s3_bucket","name":"a","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,"after":{}}}]}`
	for name, test := range map[string]struct{ text, want string }{
		"empty":            {"  \n", "the input is empty"},
		"text":             {"Terraform will perform the following actions", "not the JSON of a plan"},
		"list":             {"[]", "not the JSON of a plan"},
		"object":           {"{}", "no format_version"},
		"plan file":        {"PK\x03\x04rest", "a plan file itself"},
		"UTF-16":           {"\xff\xfe{\x00", "UTF-16"},
		"log":              {`{"@level":"info","@message":"Terraform 1.11.4"}` + "\n" + `{"@level":"info","@message":"Plan"}`, "the log of terraform plan -json"},
		"state":            {`{"format_version":"1.0","values":{}}`, "the input is a state"},
		"state file":       {`{"version":4,"lineage":"0e1c","resources":[]}`, "the input is a state"},
		"schemas":          {`{"format_version":"1.0","provider_schemas":{}}`, "provider schemas"},
		"cut off":          {string(whole[:len(whole)/2]), "is cut off after"},
		"broken":           {string(whole[:100]) + "}}" + string(whole[100:]), "not JSON that can be read"},
		"too new":          {`{"format_version":"2.0","planned_values":{},"resource_changes":[]}`, `the format version 2.0`},
		"wrong shape":      {`{"format_version":"1.2","resource_changes":"none"}`, "not the JSON of a plan"},
		"other provider":   {other, "only of registry.terraform.io/hashicorp/aws"},
		"nothing":          {`{"format_version":"1.2","planned_values":{},"resource_changes":[]}`, "no resource of the provider iam"},
		"failed":           {`{"format_version":"1.2","planned_values":{},"resource_changes":[],"errored":true}`, "ended with an error"},
		"two plans at one": {string(whole) + string(whole), "not JSON that can be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Read(strings.NewReader(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestBadReaders(t *testing.T) {
	t.Parallel()
	if _, err := read(strings.NewReader(strings.Repeat(" ", 3<<20)), 2<<20); err == nil || !strings.Contains(err.Error(), "larger than 2 MB") {
		t.Errorf("too large: %v", err)
	}
	broken := errors.New("pipe burst")
	if _, err := Read(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a reader that fails: %v", err)
	}
	text, err := os.ReadFile("testdata/moves/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Read(bytes.NewReader(append([]byte("\xef\xbb\xbf"), text...))); err != nil {
		t.Errorf("a byte order mark: %v", err)
	}
}

// A plan of a configuration that has the provider and nothing of it yet is a plan.
func TestProviderWithoutResources(t *testing.T) {
	t.Parallel()
	plan, err := Read(strings.NewReader(`{"format_version":"1.2","planned_values":{},"configuration":{"provider_config":{"iam":{"name":"iam","full_name":"registry.terraform.io/dataiam/iam"}},"root_module":{}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range plan.Changes(nil) {
		if report := accessdiff.Compare(change); !report.Empty() {
			t.Errorf("something changes: %+v", report)
		}
	}
}

// fuzzSeeds are small: the fuzzer makes every input that reaches something new as short as it can,
// which takes minutes for a whole plan.
var fuzzSeeds = []string{
	`{"format_version":"1.2","resource_changes":[{"address":"iam_lakefs_policy_attachment.a","mode":"managed","type":"iam_lakefs_policy_attachment","name":"a","change":{"actions":["create"],"after":{"policy_id":"p","user_id":"u"},"after_unknown":{"group_id":true}}}],
	"configuration":{"root_module":{"resources":[{"mode":"managed","type":"iam_lakefs_policy_attachment","name":"a","provider_config_key":"iam","expressions":{"group_id":{"references":["module.m.out","each.value"]}}}],"module_calls":{"m":{"module":{"outputs":{"out":{"expression":{"references":["var.x"]}}}}}}}}}`,
	`{"format_version":"1.2","resource_changes":[{"address":"iam_lakefs_policy.p","mode":"managed","type":"iam_lakefs_policy","name":"p","deposed":"x","change":{"actions":["delete","create"],"before":{"id":"p","statement":[{"effect":"allow","actions":["fs:*"],"resources":["*"],"condition":{"IpAddress":{"SourceIp":["::1"]}}}]},"after":{"id":"p","document":"{}"}}}]}`,
	`{"format_version":"1.2","resource_changes":[{"address":"iam_cdf_group.g","mode":"managed","type":"iam_cdf_group","name":"g","change":{"actions":["update"],"before":{"id":1,"name":"g","members":["m"],"capability":[{"acl":"rawAcl","actions":["READ"],"scope":[{"tables":{"d":["t"]}}]}]},"after":{"name":"g","capabilities_json":"[]"},"after_unknown":{"members":[true]}}}],
	"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"iam_lakefs_group_memberships_exclusive.x","mode":"managed","type":"iam_lakefs_group_memberships_exclusive","name":"x","values":{"group_id":"g","user_ids":["u",null]}}]}}}}`,
}

// No input makes the reader or the comparison panic.
func FuzzRead(f *testing.F) {
	for _, seed := range fuzzSeeds {
		if _, err := Read(strings.NewReader(seed)); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		plan, err := Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		for _, change := range plan.Changes(nil) {
			accessdiff.Compare(change)
		}
	})
}
