// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// stateReader speaks to the provider as Terraform does, with states that no Terraform and
// no provider has written.
type stateReader struct {
	t       *testing.T
	server  tfprotov6.ProviderServer
	schemas map[string]*tfprotov6.Schema
}

// newStateReader starts the provider on one server of both platforms, and returns what
// there is to import of each type.
func newStateReader(t *testing.T) (*stateReader, map[string]string) {
	t.Helper()
	project := acctest.StartLocalCDF(t, localserver.Options{ExternalPrincipals: true})
	environment := maps.Clone(project.Environment())
	environment[lakefsapi.EnvEndpoint] = environment[cdfapi.EnvBaseURL]
	environment[lakefsapi.EnvAccessKeyID], environment[lakefsapi.EnvSecretAccessKey] = project.Local.AccessKeyID(), project.Local.SecretAccessKey()
	if _, err := project.Client.CreateSecurityCategory(t.Context(), "secret"); err != nil {
		t.Fatal(err)
	}
	lakefs, err := lakefsapi.New(lakefsapi.Config{
		Endpoint: environment[lakefsapi.EnvEndpoint], AccessKeyID: project.Local.AccessKeyID(), SecretAccessKey: project.Local.SecretAccessKey(),
	})
	mustBe(t, err)
	_, err = lakefs.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "listed"})
	mustBe(t, err)
	mustBe(t, lakefs.SetGroupACL(t.Context(), "listed", lakefsapi.ACL{Permission: "Read"}))
	mustBe(t, lakefs.CreateUserExternalPrincipal(t.Context(), "admin", "arn:x/y", lakefsapi.ExternalPrincipalCreation{}))
	return newReader(t, environment), map[string]string{
		"iam_lakefs_user": "admin", "iam_lakefs_group": "Admins", "iam_lakefs_policy": "FSReadAll",
		"iam_lakefs_group_membership": "Admins/admin", "iam_lakefs_policy_attachment": "group/Admins/FSFullAccess",
		"iam_lakefs_group_memberships_exclusive": "Admins", "iam_lakefs_policy_attachments_exclusive": "group/Admins",
		"iam_lakefs_credentials": "admin/" + project.Local.AccessKeyID(),
		"iam_lakefs_group_acl":   "listed", "iam_lakefs_external_principal": "admin/arn:x/y",
		"iam_cdf_group": "administrators", "iam_cdf_security_category": "secret", "iam_cdf_user_profiles_configuration": project.Project(),
	}
}

// newReader starts the provider in an environment.
func newReader(t *testing.T, environment map[string]string) *stateReader {
	t.Helper()
	server, err := acctest.ProvidersWith(func(name string) string { return environment[name] })["iam"]()
	mustBe(t, err)
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	mustBe(t, err)
	kind := schemas.Provider.ValueType()
	config, err := tfprotov6.NewDynamicValue(kind, nothingOf(kind))
	mustBe(t, err)
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &config})
	mustBe(t, err)
	if failed(configured.Diagnostics) {
		t.Fatalf("the provider cannot be configured: %v", configured.Diagnostics)
	}
	return &stateReader{t: t, server: server, schemas: schemas.ResourceSchemas}
}

func mustBe(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// nothingOf is a configuration in which nothing is set.
func nothingOf(kind tftypes.Type) tftypes.Value {
	attributes := map[string]tftypes.Value{}
	object, _ := kind.(tftypes.Object)
	for name, of := range object.AttributeTypes {
		attributes[name] = tftypes.NewValue(of, nil)
	}
	return tftypes.NewValue(kind, attributes)
}

func failed(said []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(said, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}

// imported is an object as Terraform would have it in its state.
func (r *stateReader) imported(typeName, id string) *tfprotov6.DynamicValue {
	r.t.Helper()
	answer, err := r.server.ImportResourceState(r.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
	mustBe(r.t, err)
	if failed(answer.Diagnostics) {
		r.t.Fatalf("%s %q cannot be imported: %+v", typeName, id, answer.Diagnostics[0])
	}
	state, said := r.read(typeName, answer.ImportedResources[0].State, answer.ImportedResources[0].Private)
	if failed(said) {
		r.t.Fatalf("%s %q cannot be read: %+v", typeName, id, said[0])
	}
	return state
}

func (r *stateReader) read(typeName string, state *tfprotov6.DynamicValue, private []byte) (*tfprotov6.DynamicValue, []*tfprotov6.Diagnostic) {
	r.t.Helper()
	answer, err := r.server.ReadResource(r.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: state, Private: private})
	mustBe(r.t, err)
	return answer.NewState, answer.Diagnostics
}

// upgrade reads a state file's object, and refreshes it when that can be done. It tells
// whether the object could be read.
func (r *stateReader) upgrade(typeName string, version int64, text []byte) bool {
	r.t.Helper()
	answer, err := r.server.UpgradeResourceState(r.t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: typeName, Version: version, RawState: &tfprotov6.RawState{JSON: text},
	})
	if err != nil || failed(answer.Diagnostics) {
		return false
	}
	if answer.UpgradedState != nil {
		r.read(typeName, answer.UpgradedState, nil) // which must come back, whatever it says
	}
	return true
}

// plain is a value as a state file has it.
func (r *stateReader) plain(v tftypes.Value) any {
	r.t.Helper()
	var (
		text    string
		flag    bool
		number  = new(big.Float)
		list    []tftypes.Value
		members map[string]tftypes.Value
	)
	switch {
	case v.IsNull():
		return nil
	case v.As(&text) == nil:
		return text
	case v.As(&flag) == nil:
		return flag
	case v.As(&number) == nil:
		return json.Number(number.Text('f', -1))
	case v.As(&list) == nil:
		items := []any{}
		for _, item := range list {
			items = append(items, r.plain(item))
		}
		return items
	}
	mustBe(r.t, v.As(&members))
	object := map[string]any{}
	for name, member := range members {
		object[name] = r.plain(member)
	}
	return object
}

// A state that somebody has written by hand, or something else has broken, is an error.
func TestStatesOfWrongTypes(t *testing.T) {
	t.Parallel()
	r, objects := newStateReader(t)
	for typeName, schema := range r.schemas {
		kind := schema.ValueType()
		for _, text := range []string{``, `{`, `[]`, `7`, `"x"`, `{"id":{"a":[1]},"user_id":[[]],"group_id":{},"enabled":{},"project":[]}`} {
			if r.upgrade(typeName, schema.Version, []byte(text)) && text != `` {
				t.Errorf("%s: %s passes for a state", typeName, text)
			}
		}
		for _, version := range []int64{-1, schema.Version + 1, 1 << 62} {
			if r.upgrade(typeName, version, []byte(`{"id":{}}`)) {
				t.Errorf("%s: a state of version %d passes", typeName, version)
			}
		}
		state, err := r.imported(typeName, objects[typeName]).Unmarshal(kind)
		mustBe(t, err)
		right, isObject := r.plain(state).(map[string]any)
		if !isObject || !r.upgrade(typeName, schema.Version, inJSON(t, right)) {
			t.Fatalf("%s: the right state %v does not pass", typeName, right)
		}
		for _, attribute := range schema.Block.Attributes {
			for _, value := range []any{nil, true, 7, -1.5, "x", "", []any{}, []any{[]any{}, map[string]any{"a": nil}}, map[string]any{}, map[string]any{"a": []any{1}}} {
				wrong := maps.Clone(right)
				wrong[attribute.Name] = value
				_, isMap := value.(map[string]any)
				_, isList := value.([]any)
				passes := r.upgrade(typeName, schema.Version, inJSON(t, wrong))
				if primitive := attribute.Type.Is(tftypes.String) || attribute.Type.Is(tftypes.Number) || attribute.Type.Is(tftypes.Bool); passes && primitive && (isMap || isList) {
					t.Errorf("%s: %s = %v passes", typeName, attribute.Name, value)
				}
			}
		}
	}
}

func inJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	mustBe(t, err)
	return text
}

// What the provider has Terraform keep with an object is not trusted either. Where it
// cannot be read, nothing is taken out of the state, and nothing deleted.
func TestStatesOfBadPrivateData(t *testing.T) {
	t.Parallel()
	r, objects := newStateReader(t)
	// What each type reads of it; the rest may be anything.
	read := map[string][]string{
		"iam_cdf_group": {"place", "superseded"}, "iam_cdf_security_category": {"place"}, "iam_cdf_user_profiles_configuration": {"place"},
	}
	for typeName, schema := range r.schemas {
		state := r.imported(typeName, objects[typeName])
		for _, private := range []string{`x`, `[]`} {
			if _, said := r.read(typeName, state, []byte(private)); !failed(said) {
				t.Errorf("%s: private data %s passes", typeName, private)
			}
		}
		for _, key := range []string{"place", "superseded", "object", "unknown"} {
			for _, value := range []string{`7`, `{"a":1}`, `[["x"]]`, `true`} {
				private := inJSON(t, map[string][]byte{key: []byte(value)})
				after, said := r.read(typeName, state, private)
				there, err := after.Unmarshal(schema.ValueType())
				mustBe(t, err)
				wantsError := slices.Contains(read[typeName], key)
				if failed(said) != wantsError || there.IsNull() {
					t.Errorf("%s: with %s = %s, is there %t, want an error %t, said %v", typeName, key, value, !there.IsNull(), wantsError, texts(said))
				}
				if wantsError {
					r.wantNotDeleted(typeName, state, private)
				}
			}
		}
	}
}

// wantNotDeleted fails unless a delete with bad private data is an error, and the object
// is there afterwards.
func (r *stateReader) wantNotDeleted(typeName string, state *tfprotov6.DynamicValue, private []byte) {
	r.t.Helper()
	kind := r.schemas[typeName].ValueType()
	none, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
	mustBe(r.t, err)
	answer, err := r.server.ApplyResourceChange(r.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: state, PlannedState: &none, Config: &none, PlannedPrivate: private,
	})
	mustBe(r.t, err)
	after, said := r.read(typeName, state, nil)
	there, err := after.Unmarshal(kind)
	mustBe(r.t, err)
	if !failed(answer.Diagnostics) || failed(said) || there.IsNull() {
		r.t.Errorf("%s: deleted with private data %s, said %v", typeName, private, texts(answer.Diagnostics))
	}
}

func texts(said []*tfprotov6.Diagnostic) (all []string) {
	for _, d := range said {
		all = append(all, fmt.Sprintf("%s: %s", d.Summary, d.Detail))
	}
	return all
}
