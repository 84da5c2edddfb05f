// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package planjson turns a plan, as `terraform show -json` writes it, into the worlds before and
// after it that package accessdiff compares.
package planjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// MaxSize is the size of the largest plan that is read, in bytes. Plans of some ten thousand
// objects stay below; Terraform itself needs gigabytes for larger ones.
const MaxSize = 256 << 20

const megabyte = 1 << 20

// howToMake is the end of errors about the input.
const howToMake = "make it with: terraform show -json PLANFILE"

// Plan is a plan that has been read.
type Plan struct {
	// callers are the users of lakeFS who made the plan, by server, as far as a data source tells.
	callers map[string]string
	// instances are those of this provider, in the order of their addresses.
	instances []instance
	config    *configuration
	notes     []string
}

// Read reads a plan of at most MaxSize bytes. The error says what the input is instead of a plan,
// where that can be told.
func Read(r io.Reader) (*Plan, error) { return read(r, MaxSize) }

func read(r io.Reader, limit int64) (*Plan, error) {
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading the plan: %w", err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("the plan is larger than %d MB, which is the most that is read; plan a part of the configuration with -target, or split it", limit/megabyte)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // PowerShell writes a byte order mark
	o, err := recognize(text)
	if err != nil {
		return nil, err
	}
	plan, state, err := o.decode()
	if err != nil {
		return nil, explain(text, err)
	}
	p := &Plan{callers: map[string]string{}, config: newConfiguration(plan.Config)}
	p.collect(plan, state)
	return p, p.checkProvider(plan)
}

// decode reads the parts of a plan that are of use. What it is planned to come out as is in the
// changes, too, and would take as much memory again.
func (o *outline) decode() (*tfjson.Plan, *tfjson.State, error) {
	needed, err := json.Marshal(struct {
		FormatVersion   string          `json:"format_version"`
		ResourceChanges json.RawMessage `json:"resource_changes,omitempty"`
		ResourceDrift   json.RawMessage `json:"resource_drift,omitempty"`
		DeferredChanges json.RawMessage `json:"deferred_changes,omitempty"`
		Complete        json.RawMessage `json:"complete,omitempty"`
		Configuration   json.RawMessage `json:"configuration,omitempty"`
	}{o.FormatVersion, o.ResourceChanges, o.ResourceDrift, o.DeferredChanges, o.Complete, o.Configuration})
	if err != nil {
		return nil, nil, err
	}
	plan := new(tfjson.Plan)
	plan.UseJSONNumber(true) // ids of CDF are numbers of 64 bits
	if err := plan.UnmarshalJSON(needed); err != nil || o.PriorState == nil || string(o.PriorState) == "null" {
		return plan, nil, err
	}
	state := new(tfjson.State)
	state.UseJSONNumber(true)
	return plan, state, state.UnmarshalJSON(o.PriorState)
}

// outline has the parts of a plan, and what tells it from what else Terraform writes in JSON.
type outline struct {
	FormatVersion   string          `json:"format_version"`
	PlannedValues   json.RawMessage `json:"planned_values"`
	ResourceChanges json.RawMessage `json:"resource_changes"`
	ResourceDrift   json.RawMessage `json:"resource_drift"`
	DeferredChanges json.RawMessage `json:"deferred_changes"`
	Complete        json.RawMessage `json:"complete"`
	Configuration   json.RawMessage `json:"configuration"`
	PriorState      json.RawMessage `json:"prior_state"`
	Errored         bool            `json:"errored"`

	Values          json.RawMessage `json:"values"`
	ProviderSchemas json.RawMessage `json:"provider_schemas"`
	Lineage         string          `json:"lineage"`
	Message         string          `json:"@message"`
}

// recognize refuses what is no JSON of a plan, and says what it is.
func recognize(text []byte) (*outline, error) {
	trimmed := bytes.TrimSpace(text)
	switch {
	case len(trimmed) == 0:
		return nil, errors.New("the input is empty, not the JSON of a plan; " + howToMake)
	case bytes.HasPrefix(text, []byte("PK\x03\x04")):
		return nil, errors.New("the input is a plan file itself, not its JSON; " + howToMake)
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return nil, errors.New("the input is UTF-16, as some shells write files; the JSON of a plan is UTF-8")
	case trimmed[0] != '{':
		return nil, errors.New("the input is not the JSON of a plan; " + howToMake)
	}
	o := new(outline)
	if err := json.Unmarshal(text, o); err != nil {
		var first outline
		if json.NewDecoder(bytes.NewReader(trimmed)).Decode(&first) == nil && first.Message != "" {
			return nil, errors.New("the input is the log of terraform plan -json, not the plan; write the plan to a file with -out, and " + howToMake)
		}
		return nil, explain(text, err)
	}
	switch {
	case o.Message != "":
		return nil, errors.New("the input is a line of the log of terraform plan -json, not the plan; write the plan to a file with -out, and " + howToMake)
	case o.ProviderSchemas != nil:
		return nil, errors.New("the input is the JSON of provider schemas, not of a plan; " + howToMake)
	case o.Lineage != "", o.Values != nil && o.ResourceChanges == nil && o.PlannedValues == nil:
		return nil, errors.New("the input is a state, not the JSON of a plan; " + howToMake)
	case o.FormatVersion == "":
		return nil, errors.New("the input has no format_version, so it is not the JSON of a plan; " + howToMake)
	case o.Errored:
		return nil, errors.New("the plan ended with an error, so it does not say everything that would change; plan again")
	}
	return o, nil
}

// explain adds to an error of the decoder what it means.
func explain(text []byte, err error) error {
	var version struct {
		FormatVersion string `json:"format_version"`
	}
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "unexpected end of JSON input"):
		return fmt.Errorf("the JSON of the plan is cut off after %d bytes; was the command that made it stopped, or the disk full?", len(text))
	case json.Unmarshal(text, &version) == nil && strings.Contains(err.Error(), "unsupported plan format version"):
		return fmt.Errorf("the plan has the format version %s, and this binary reads %s; use a newer version of the provider", version.FormatVersion, tfjson.PlanFormatVersionConstraints)
	case errors.As(err, &wrong):
		return fmt.Errorf("the input is not the JSON of a plan: %w", err)
	}
	return fmt.Errorf("the plan is not JSON that can be read: %w", err)
}

// ours reports whether a resource is one of this provider. The provider may come from a
// registry of its own.
func ours(provider, kind string) bool {
	return strings.HasPrefix(kind, "iam_") && (provider == "" || strings.HasSuffix(provider, "/iam"))
}

// checkProvider refuses a plan that has nothing to do with this provider.
func (p *Plan) checkProvider(plan *tfjson.Plan) error {
	if len(p.instances) > 0 || p.config.usesProvider() {
		return nil
	}
	others := map[string]bool{}
	for _, change := range plan.ResourceChanges {
		if change != nil && change.ProviderName != "" {
			others[change.ProviderName] = true
		}
	}
	if len(others) == 0 {
		return errors.New("the plan has no resource of the provider iam")
	}
	return fmt.Errorf("the plan has no resource of the provider iam, only of %s", strings.Join(slices.Sorted(maps.Keys(others)), ", "))
}
