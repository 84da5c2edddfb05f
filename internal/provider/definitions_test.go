// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	frameworkresource "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/provider"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// offered is one resource as its definition and as its schema tell it.
type offered struct {
	entity.Facts
	operations []entity.Occasion
	block      *tfprotov6.SchemaBlock
}

// schemas are those of the provider and of everything that it offers.
func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test")())()
	answer, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(answer.Diagnostics) > 0 {
		t.Fatalf("reading the schemas: %v, %v", answer.Diagnostics, err)
	}
	return answer
}

// offers returns all resources by their type names.
func offers(t *testing.T) map[string]offered {
	t.Helper()
	all := map[string]offered{}
	blocks := schemas(t).ResourceSchemas
	for _, construct := range provider.New("test")().Resources(t.Context()) {
		made := construct()
		described, isDescribed := made.(entity.Described)
		operator, isOperator := made.(entity.Operator)
		if !isDescribed || !isOperator {
			t.Fatalf("%T was not made by entity.New", made)
		}
		facts := described.Facts()
		if _, ok := blocks[facts.TypeName]; !ok {
			t.Fatalf("there is no schema of %s", facts.TypeName)
		}
		all[facts.TypeName] = offered{facts, operator.Operations(), blocks[facts.TypeName].Block}
	}
	if len(all) == 0 {
		t.Fatal("the provider offers no resources")
	}
	return all
}

// Everything is described, in sentences: the documentation is made of it.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	all := schemas(t)
	describeBlock(t, "provider", all.Provider.Block)
	for name, schema := range all.ResourceSchemas {
		describeBlock(t, name, schema.Block)
	}
	for name, schema := range all.DataSourceSchemas {
		describeBlock(t, "data."+name, schema.Block)
	}
	for name, schema := range all.EphemeralResourceSchemas {
		describeBlock(t, "ephemeral."+name, schema.Block)
	}
	for name, schema := range all.ListResourceSchemas {
		describeBlock(t, "list."+name, schema.Block)
	}
	for name, schema := range all.ActionSchemas {
		describeBlock(t, "action."+name, schema.Schema.Block)
	}
	for name, function := range all.Functions {
		describeFunction(t, "provider::iam::"+name, function)
	}
}

func describeFunction(t *testing.T, name string, function *tfprotov6.Function) {
	t.Helper()
	wantSentence(t, name, function.Description, function.DescriptionKind)
	if function.Summary == "" || strings.HasSuffix(function.Summary, ".") {
		t.Errorf("the summary of %s is %q, want a heading", name, function.Summary)
	}
	for _, parameter := range function.Parameters {
		wantSentence(t, name+"."+parameter.Name, parameter.Description, parameter.DescriptionKind)
	}
}

func describeBlock(t *testing.T, name string, block *tfprotov6.SchemaBlock) {
	t.Helper()
	wantSentence(t, name, block.Description, block.DescriptionKind)
	describeAttributes(t, name, block.Attributes)
	for _, nested := range block.BlockTypes {
		describeBlock(t, name+"."+nested.TypeName, nested.Block)
	}
}

func describeAttributes(t *testing.T, name string, attributes []*tfprotov6.SchemaAttribute) {
	t.Helper()
	for _, attribute := range attributes {
		path := name + "." + attribute.Name
		wantSentence(t, path, attribute.Description, attribute.DescriptionKind)
		if attribute.NestedType != nil {
			describeAttributes(t, path, attribute.NestedType.Attributes)
		}
	}
}

func wantSentence(t *testing.T, name, description string, kind tfprotov6.StringKind) {
	t.Helper()
	if !strings.HasSuffix(description, ".") || kind != tfprotov6.StringKindMarkdown {
		t.Errorf("%s is described as %q (%s), want Markdown that ends with a period", name, description, kind)
	}
}

// Every resource can be imported, by forms that fit its schema and their own
// examples.
func TestImportForms(t *testing.T) {
	t.Parallel()
	for name, resource := range offers(t) {
		if len(resource.Imports) == 0 {
			t.Errorf("%s cannot be imported", name)
		}
		attributes := map[string]bool{}
		for _, attribute := range resource.block.Attributes {
			attributes[attribute.Name] = true
		}
		for _, form := range resource.Imports {
			values, ok := form.Parse(form.Example)
			if !ok {
				t.Errorf("%s: the example %q is not of the form %q", name, form.Example, form.Pattern)
			}
			for attribute := range values {
				if !attributes[attribute] {
					t.Errorf("%s: the form %q has %q, which is no attribute", name, form.Pattern, attribute)
				}
			}
		}
	}
}

// isKnownOperation tells by the platform of a type whether an operation is one
// whose required permissions are known.
var isKnownOperation = map[string]func(operation string) bool{
	"iam_lakefs_": func(operation string) bool {
		_, known := lakefspolicy.Required(operation, lakefspolicy.Object{
			"userId": "x", "groupId": "x", "policyId": "x", "principalId": "x",
		})
		return known
	},
	"iam_cdf_": func(operation string) bool {
		_, known := cdfcapability.Required(operation)
		return known
	},
}

// leftAsTheyAre are the resources that make no operation to destroy, and why.
var leftAsTheyAre = map[string]string{
	"iam_lakefs_group_memberships_exclusive":  "the members stay: it is no longer managed which they are, and a warning says so",
	"iam_lakefs_policy_attachments_exclusive": "the attachments stay, as the members of a group do",
	"iam_lakefs_group_acl":                    "lakeFS cannot remove the list of a group: it is no longer managed, and a warning says how it was left",
	"iam_cdf_user_profiles_configuration":     "a project has this setting always: it is no longer managed, and a warning says how it was left",
}

func wantKnownOperations(t *testing.T, name string, occasions []entity.Occasion) {
	t.Helper()
	for platform, isKnown := range isKnownOperation {
		if !strings.HasPrefix(name, platform) {
			continue
		}
		for _, occasion := range occasions {
			for _, call := range occasion.Calls {
				if !isKnown(call.Operation) {
					t.Errorf("%s: nobody knows what permissions %q needs (to %s)", name, call.Operation, occasion.Name)
				}
			}
		}
		return
	}
	t.Errorf("%s belongs to no platform whose operations are known", name)
}

// Every type tells which operations it makes, and their permissions are known.
func TestOperations(t *testing.T) {
	t.Parallel()
	for name, resource := range offers(t) {
		occasions := wantOccasions(t, name, resource.operations, "read", "create")
		if reason, left := leftAsTheyAre[name]; occasions["destroy"] == left {
			t.Errorf("%s makes operations to destroy: %t, and is left as it is: %t (%s)", name, occasions["destroy"], left, reason)
		}
	}
	offered := provider.New("test")()
	for _, construct := range offered.DataSources(t.Context()) {
		var metadata datasource.MetadataResponse
		made := construct()
		made.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "iam"}, &metadata)
		wantOccasions(t, metadata.TypeName, operations(t, made), "read")
	}
	ephemerals, ok := offered.(frameworkprovider.ProviderWithEphemeralResources)
	if !ok {
		t.Fatal("the provider offers no ephemeral resources")
	}
	for _, construct := range ephemerals.EphemeralResources(t.Context()) {
		var metadata ephemeral.MetadataResponse
		made := construct()
		made.Metadata(t.Context(), ephemeral.MetadataRequest{ProviderTypeName: "iam"}, &metadata)
		wantOccasions(t, metadata.TypeName, operations(t, made), "open")
	}
	lists, ok := offered.(frameworkprovider.ProviderWithListResources)
	if !ok {
		t.Fatal("the provider lists nothing")
	}
	for _, construct := range lists.ListResources(t.Context()) {
		var metadata frameworkresource.MetadataResponse
		made := construct()
		made.Metadata(t.Context(), frameworkresource.MetadataRequest{ProviderTypeName: "iam"}, &metadata)
		wantOccasions(t, metadata.TypeName, operations(t, made), "list")
	}
	actions, ok := offered.(frameworkprovider.ProviderWithActions)
	if !ok {
		t.Fatal("the provider offers no actions")
	}
	for _, construct := range actions.Actions(t.Context()) {
		var metadata action.MetadataResponse
		made := construct()
		made.Metadata(t.Context(), action.MetadataRequest{ProviderTypeName: "iam"}, &metadata)
		wantOccasions(t, metadata.TypeName, operations(t, made), "invoke")
	}
}

// operations are those of a type that the envelope made.
func operations(t *testing.T, made any) []entity.Occasion {
	t.Helper()
	operator, ok := made.(entity.Operator)
	if !ok {
		t.Fatalf("%T was not made by the envelope", made)
	}
	return operator.Operations()
}

// wantOccasions fails unless a type makes known operations, and some on each of the
// needed occasions. It returns on which it does.
func wantOccasions(t *testing.T, name string, occasions []entity.Occasion, needed ...string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, occasion := range occasions {
		found[occasion.Name] = len(occasion.Calls) > 0
	}
	for _, occasion := range needed {
		if !found[occasion] {
			t.Errorf("%s does not say which operations it makes to %s", name, occasion)
		}
	}
	wantKnownOperations(t, name, occasions)
	return found
}

// A resource that updates nothing in place replaces the object whenever one of
// its arguments changes; otherwise an apply could not carry out its plan.
func TestArgumentsThatReplace(t *testing.T) {
	t.Parallel()
	server, err := acctest.ProvidersWith(environment(bothPlatforms(t)))["iam"]()
	if err != nil {
		t.Fatal(err)
	}
	configure(t, server)
	for name, resource := range offers(t) {
		if resource.UpdatesInPlace {
			continue
		}
		if len(resource.block.BlockTypes) > 0 {
			t.Errorf("%s has blocks, which this test does not change", name)
		}
		for _, attribute := range resource.block.Attributes {
			if attribute.Optional || attribute.Required {
				wantReplacing(t, server, name, resource.block, attribute.Name)
			}
		}
	}
}

// bothPlatforms starts a server of each platform and returns the variables by which
// the provider finds them.
func bothPlatforms(t *testing.T) map[string]string {
	t.Helper()
	variables := acctest.StartLocalLakeFS(t, localserver.Options{}).Environment()
	maps.Copy(variables, acctest.StartLocalCDF(t, localserver.Options{}).Environment())
	return variables
}

func configure(t *testing.T, server tfprotov6.ProviderServer) {
	t.Helper()
	kind := schemas(t).Provider.ValueType()
	nothing := map[string]tftypes.Value{}
	object, ok := kind.(tftypes.Object)
	if !ok {
		t.Fatalf("the provider's configuration is a %s", kind)
	}
	for name, attribute := range object.AttributeTypes {
		nothing[name] = tftypes.NewValue(attribute, nil)
	}
	answer, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: encode(t, kind, tftypes.NewValue(kind, nothing)),
	})
	if err != nil || len(answer.Diagnostics) > 0 {
		t.Fatalf("configuring the provider: %v, %v", answer.Diagnostics, err)
	}
}

func encode(t *testing.T, kind tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(kind, value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// wantReplacing fails unless a change of one argument replaces the object.
func wantReplacing(t *testing.T, server tfprotov6.ProviderServer, typeName string, block *tfprotov6.SchemaBlock, argument string) {
	t.Helper()
	prior, config, proposed := map[string]tftypes.Value{}, map[string]tftypes.Value{}, map[string]tftypes.Value{}
	for _, attribute := range block.Attributes {
		name := attribute.Name
		prior[name] = sample(t, attribute.Type, "before")
		config[name], proposed[name] = prior[name], prior[name]
		switch {
		case name == argument:
			config[name] = sample(t, attribute.Type, "after")
			proposed[name] = config[name]
		case !attribute.Optional && !attribute.Required:
			config[name] = tftypes.NewValue(attribute.Type, nil)
		}
	}
	kind := block.ValueType()
	answer, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName:         typeName,
		PriorState:       encode(t, kind, tftypes.NewValue(kind, prior)),
		Config:           encode(t, kind, tftypes.NewValue(kind, config)),
		ProposedNewState: encode(t, kind, tftypes.NewValue(kind, proposed)),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := tftypes.NewAttributePath().WithAttributeName(argument)
	for _, path := range answer.RequiresReplace {
		if path.Equal(want) {
			return
		}
	}
	t.Errorf("a change of %s.%s is planned as an update, which %s cannot make", typeName, argument, typeName)
}

// sample makes a value of a type, another one for every word.
func sample(t *testing.T, kind tftypes.Type, word string) tftypes.Value {
	t.Helper()
	switch kind := kind.(type) {
	case tftypes.Map:
		return tftypes.NewValue(kind, map[string]tftypes.Value{"key": sample(t, kind.ElementType, word)})
	case tftypes.List:
		return tftypes.NewValue(kind, []tftypes.Value{sample(t, kind.ElementType, word)})
	case tftypes.Set:
		return tftypes.NewValue(kind, []tftypes.Value{sample(t, kind.ElementType, word)})
	}
	switch {
	case kind.Is(tftypes.Bool):
		return tftypes.NewValue(kind, word == "before")
	case kind.Is(tftypes.Number):
		return tftypes.NewValue(kind, len(word))
	case kind.Is(tftypes.String):
		return tftypes.NewValue(kind, word)
	}
	t.Fatalf("this test makes no values of the type %s", kind)
	return tftypes.Value{}
}
