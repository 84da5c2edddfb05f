// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"context"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// This file tests creates and updates of groups whose answer is lost.

// idIs checks that state has the id of the one group of a name, once it is known.
func idIs(t *testing.T, w *world, name string) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		want := fmt.Sprint(theOne(t, w.CDF, name))
		return resource.TestCheckResourceAttr(theGroup, "id", want)(s)
	}
}

// Whatever becomes of the answer, there is one group, and state has its id. A
// namesake that is none of ours is not taken for it.
func TestAccCDFGroup_createLost(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	providers, said := acctest.Listen(w.Providers())
	unavailable, answer := http.StatusServiceUnavailable, following(func() {})
	var config strings.Builder
	var turns []happening
	var checks []resource.TestCheckFunc
	for i, lost := range [][]happening{
		{lost(true)},                           // connection cut after commit
		{lost(false), answer},                  // and before
		{answered(true, unavailable)},          // 503 after commit
		{answered(false, unavailable), answer}, // and before
		{garbled},                              // unreadable
	} {
		name, label := w.Name(fmt.Sprint("lost-", i)), fmt.Sprint("g", i)
		namesake := makeGroup(t, w.CDF, name, "[]")
		after := ""
		if i > 0 { // one after the other
			after = fmt.Sprintf("depends_on = [iam_cdf_group.g%d]\n", i-1)
		}
		config.WriteString(strings.Replace(groupConfig(name, after+`metadata = { a = "1" }`+"\n"+`attributes_json = jsonencode({ token = { appIds = ["a"] } })`+"\n"+readAll), `"test"`, `"`+label+`"`, 1))
		turns = append(turns, lost...)
		checks = append(checks, func(s *terraform.State) error {
			ids := groupIDs(t, w.CDF, name)
			if len(ids) != 2 || ids[0] != namesake {
				return fmt.Errorf("the server has the groups %v of the name %q, want %d and one more", ids, name, namesake)
			}
			return resource.TestCheckResourceAttr("iam_cdf_group."+label, "id", fmt.Sprint(ids[1]))(s)
		})
	}
	w.breaksInTurn(createGroup, turns...)
	w.writes()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config: config.String(),
			Check:  resource.ComposeTestCheckFunc(append(checks, w.wantWrites(slices.Repeat([]string{createGroup}, len(turns))...))...),
		}},
	})
	said.ExpectWarnings(t)
}

// Likewise for an update: the old group is deleted once the new one is known.
func TestAccCDFGroup_updateLost(t *testing.T) {
	t.Parallel()
	for title, test := range map[string]struct {
		happen happening
		writes []string
	}{
		"after commit":  {lost(true), []string{createGroup, deleteGroup}},
		"before commit": {lost(false), []string{createGroup, createGroup, deleteGroup}},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			w := startWorld(t, localserver.Options{})
			name := w.Name("lost")
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: w.Providers(),
				CheckDestroy:             groupsAre(t, w.CDF, name, 0),
				Steps: []resource.TestStep{
					{Config: groupConfig(name, readAll), Check: func(*terraform.State) error { w.writes(); return nil }},
					{
						PreConfig: func() { w.breaks(createGroup, 1, test.happen) },
						Config:    groupConfig(name, anotherGrant),
						Check:     resource.ComposeTestCheckFunc(w.wantWrites(test.writes...), idIs(t, w, name)),
					},
				},
			})
		})
	}
}

// A request that was given up and arrives after all leaves a second group, which
// is named and left alone.
func TestAccCDFGroup_createLate(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	providers, said := acctest.Listen(w.Providers())
	name := w.Name("late")
	var late int64
	w.breaks(createGroup, 1, func(http.ResponseWriter, func() *httptest.ResponseRecorder) {
		w.breaks(createGroup, 1, following(func() { late = makeGroup(t, w.CDF, name, assets) }))
		panic(http.ErrAbortHandler)
	})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             groupsAre(t, w.CDF, name, 1),
		Steps:                    []resource.TestStep{{Config: groupConfig(name, readAll), Check: groupsAre(t, w.CDF, name, 2)}},
	})
	said.ExpectWarnings(t, fmt.Sprintf(`^CDF groups of the same name and content: Beside the group "%s" \(id \d+\) there are others of the same name and content: id %d\. They were left alone`, name, late))
}

// A caller that may not list could not read back what it makes, so nothing is made.
func TestAccCDFGroup_createWithoutList(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	id, secret := w.Caller(t, "maker", `[{"groupsAcl":{"actions":["CREATE","DELETE"],"scope":{"all":{}}}}]`)
	w.as(id, secret)
	name := w.Name("unlisted")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{{
			Config: groupConfig(name, readAll),
			ExpectError: says("Could not create CDF group", name, "was not created, since the caller could neither see whether there is one like it nor read it back",
				"The operation needs groupsAcl:LIST in all. Add this to a group of the caller:"),
		}},
	})
	must(t, w.wantWrites()(nil))
}

// A grant to the caller itself holds after a while. What it allows is tried again
// until then.
func TestAccCDFGroup_grantToOneself(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{CDF: cdf.Options{CapabilityDelay: 10 * time.Second}})
	id, secret := w.Caller(t, "grantor", `[{"groupsAcl":{"actions":["CREATE","DELETE","LIST"],"scope":{"all":{}}}}]`)
	w.as(id, secret)
	name := w.Name("grant")
	start := w.read()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{{
			Config: groupConfig(name, fmt.Sprintf("members = [%q]\n", id)+grant("securityCategoriesAcl", `"CREATE", "DELETE", "LIST"`, "all = true")) +
				fmt.Sprintf("resource \"iam_cdf_security_category\" \"test\" {\n  name = %q\n  depends_on = [%s]\n}\n", name, theGroup),
			Check: func(*terraform.State) error {
				if waited := w.read().Sub(start); waited < 10*time.Second || waited > 15*time.Second {
					return fmt.Errorf("waited %s, want as long as CDF needs, 10 s", waited)
				}
				return nil
			},
		}},
	})
}

// A refusal without a grant of our own before is final.
func TestAccCDFGroup_notPermitted(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	id, secret := w.Caller(t, "reader", `[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}}]`)
	w.as(id, secret)
	start := w.read()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{{
			Config:      groupConfig("new", readAll),
			ExpectError: says("Could not create CDF group", "not permitted. The operation needs groupsAcl:CREATE in all. Add this to a group of the caller:", "Server answer:", "403"),
		}},
	})
	must(t, w.wantWrites(createGroup)(nil))
	if waited := w.read().Sub(start); waited > 0 {
		t.Errorf("waited %s, want an answer at once", waited)
	}
}

// A command that is cancelled while the group is being made finishes that, and
// state has what came of it.
func TestGroupCreateCancelled(t *testing.T) {
	t.Parallel()
	for title, happen := range map[string]happening{"answered": following(func() {}), "answer lost": lost(true)} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			w := startWorld(t, localserver.Options{})
			server := providerserver.NewProtocol6(&host{w})()
			w.breaks(createGroup, 1, func(rw http.ResponseWriter, deliver func() *httptest.ResponseRecorder) {
				// As an interrupt does.
				if _, err := server.StopProvider(context.WithoutCancel(t.Context()), &tfprotov6.StopProviderRequest{}); err != nil {
					t.Error(err)
				}
				happen(rw, deliver)
			})
			saved := createDirectly(t, server, "cancelled")
			if want := theOne(t, w.CDF, "cancelled"); saved != want {
				t.Errorf("state has the id %d, want %d", saved, want)
			}
		})
	}
}

// createDirectly creates a group as Terraform does, without Terraform, and returns
// the id in state.
func createDirectly(t *testing.T, server tfprotov6.ProviderServer, name string) int64 {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	empty := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	nothing, err := tfprotov6.NewDynamicValue(empty, tftypes.NewValue(empty, map[string]tftypes.Value{}))
	must(t, err)
	_, err = server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &nothing})
	must(t, err)

	kind, ok := schemas.ResourceSchemas["iam_cdf_group"].ValueType().(tftypes.Object)
	if !ok {
		t.Fatal("the schema of a group is no object")
	}
	values := map[string]tftypes.Value{}
	for attribute, of := range kind.AttributeTypes {
		values[attribute] = tftypes.NewValue(of, nil)
	}
	values["name"] = tftypes.NewValue(tftypes.String, name)
	config, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	must(t, err)
	absent, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
	must(t, err)
	plan, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "iam_cdf_group", PriorState: &absent, Config: &config, ProposedNewState: &config,
	})
	must(t, err)
	applied, err := server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "iam_cdf_group", PriorState: &absent, Config: &config, PlannedState: plan.PlannedState, PlannedPrivate: plan.PlannedPrivate,
	})
	must(t, err)
	for _, said := range append(plan.Diagnostics, applied.Diagnostics...) {
		t.Errorf("the provider said %s: %s", said.Summary, said.Detail)
	}
	state, err := applied.NewState.Unmarshal(kind)
	must(t, err)
	return idIn(t, state)
}

// idIn is the id of an object; 0 when there is none.
func idIn(t *testing.T, object tftypes.Value) int64 {
	t.Helper()
	var attributes map[string]tftypes.Value
	must(t, object.As(&attributes))
	var id *big.Float
	must(t, attributes["id"].As(&id))
	if id == nil {
		return 0
	}
	whole, _ := id.Int64()
	return whole
}
