// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// These tests show that the provider is free of ten bugs found in another
// Terraform provider for lakeFS. Other tests go further:
//
//	01  An object that is gone makes refresh and     TestAccLakefs*_disappears,
//	    destroy fail.                                TestAccLakefs_destroyOfGone
//	02  Edges past the first page are planned        TestAccLakefsGroupMembership_moreThanAPage,
//	    anew for ever.                               TestAccLakefsDataSources_pages
//	03  A group's policy attachment cannot be read   TestAccLakefsPolicyAttachment_basic
//	    after it was made.
//	04  Updating a policy's JSON gives an            TestAccLakefsPolicy_update, _reorder
//	    inconsistent result.
//	05  A change that lakeFS cannot make is shown    TestArgumentsThatReplace,
//	    as an update, and nothing is sent.           TestAccLakefs*_update
//	06  Edges and keys cannot be imported.           TestAccLakefs*_import
//	07  Secrets are written to the log.              TestAccProvider_aliasesAndSecrets
//	08  Each request opens a connection.             TestAccPeerBug08
//	09  The examples do not validate.                internal/examples
//	10  An update shows what stays as unknown, and   TestAccLakefsUser_update
//	    dependents with it.

func TestAccPeerBug01(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("bug01")
	config := endsConfig(name) + membershipConfig + attachmentsConfig
	var created []plancheck.PlanCheck
	for _, address := range []string{theUser, theGroup, thePolicy, theMembership, onUser, onGroup} {
		created = append(created, plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() {
					must(t, lakefs.Client.DeletePolicy(t.Context(), name))
					must(t, lakefs.Client.DeleteGroup(t.Context(), groupIDOf(t, lakefs, name)))
					must(t, lakefs.Client.DeleteUser(t.Context(), name))
				},
				Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: created},
			},
		},
	})
}

func TestAccPeerBug02(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{PageSize: 2})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: endsConfig("bug02") + `
resource "iam_lakefs_user" "more" {
  count = 5
  id    = "more${count.index}"
}
resource "iam_lakefs_group_membership" "more" {
  count    = 5
  group_id = iam_lakefs_group.test.id
  user_id  = iam_lakefs_user.more[count.index].id
}
resource "iam_lakefs_policy_attachment" "more" {
  count     = 5
  policy_id = ["AuthFullAccess", "FSFullAccess", "FSReadAll", "FSReadWriteAll", "RepoManagementReadAll"][count.index]
  user_id   = iam_lakefs_user.test.id
}
`,
			ConfigPlanChecks: emptyPlanAfterApply(),
		}},
	})
}

func TestAccPeerBug03(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: fmt.Sprintf(groupWithEdges, lakefs.Name("bug03"), ""), ConfigPlanChecks: emptyPlanAfterApply()},
			{RefreshState: true},
		},
	})
}

func TestAccPeerBug04(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("bug04")
	document := func(effect string) string {
		return policyConfig(id, "document = <<-EOT\n{\"statement\": [ {\"resource\":\"*\",   \"effect\":\""+effect+"\", \"action\":[\"fs:ReadObject\"]} ] }\nEOT")
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: document("allow")},
			{Config: document("deny"), ConfigPlanChecks: planned(thePolicy, plancheck.ResourceActionUpdate)},
			{Config: document("deny"), ConfigPlanChecks: nothingPlanned()},
		},
	})
}

func TestAccPeerBug05(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	before, after := lakefs.Name("bug05-before"), lakefs.Name("bug05-after")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: fmt.Sprintf(groupWithEdges, before, "before")},
			{
				Config:           fmt.Sprintf(groupWithEdges, before, "after"),
				ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionReplace),
				Check: func(*terraform.State) error {
					group, err := lakefs.Client.GetGroup(t.Context(), groupIDOf(t, lakefs, before))
					if err != nil || group.Description == nil || *group.Description != "after" {
						return fmt.Errorf("group %+v, want another description; error: %w", group, err)
					}
					return nil
				},
			},
			{
				Config: fmt.Sprintf(groupWithEdges, after, "after"),
				ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionReplace,
					plancheck.ExpectResourceAction(theUser, plancheck.ResourceActionReplace),
					plancheck.ExpectResourceAction(thePolicy, plancheck.ResourceActionReplace)),
				Check: resource.ComposeTestCheckFunc(policyIsGone(t, lakefs, before), userIsGone(t, lakefs, before), groupIsGone(t, lakefs, before)),
			},
		},
	})
}

func TestAccPeerBug06(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("bug06")
	config := endsConfig(name) + membershipConfig + attachmentsConfig
	byIDs := func(format string) resource.ImportStateIdFunc {
		return func(*terraform.State) (string, error) {
			return strings.NewReplacer("GROUP", groupIDOf(t, lakefs, name), "NAME", name).Replace(format), nil
		}
	}
	steps := []resource.TestStep{{Config: config}}
	for address, id := range map[string]string{theMembership: "GROUP/NAME", onUser: "user/NAME/NAME", onGroup: "group/GROUP/NAME"} {
		steps = append(steps, resource.TestStep{
			Config: config, ResourceName: address, ImportState: true,
			ImportStateKind: resource.ImportBlockWithID, ImportStateIdFunc: byIDs(id),
		})
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: lakefs.Providers(), Steps: steps})
}

func TestAccPeerBug07(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{})
	environment := lakefs.Environment()
	var log strings.Builder
	client, err := lakefsapi.New(lakefsapi.Config{
		Endpoint:        environment[lakefsapi.EnvEndpoint],
		AccessKeyID:     environment[lakefsapi.EnvAccessKeyID],
		SecretAccessKey: environment[lakefsapi.EnvSecretAccessKey],
		HTTP: httpapi.Options{Log: func(_ context.Context, message string, fields map[string]any) {
			fmt.Fprintln(&log, message, fields)
		}},
	})
	must(t, err)
	key, err := client.CreateCredentials(t.Context(), "admin")
	must(t, err)
	if log.Len() == 0 {
		t.Fatal("nothing was logged")
	}
	for _, secret := range []string{key.SecretAccessKey, environment[lakefsapi.EnvSecretAccessKey], "Basic "} {
		if strings.Contains(log.String(), secret) {
			t.Error("the log holds a secret")
		}
	}
}

// connections counts what a server is asked over how many connections, and by
// how many instances of the provider.
type connections struct {
	opened, requests, providers atomic.Int64
}

// start starts a local server and returns the factories of its provider.
func (c *connections) start(t *testing.T) acctest.Factories {
	t.Helper()
	server, err := localserver.New(localserver.Options{GroupIDs: os.Getenv("IAM_ACC_GROUP_IDS"), Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c.requests.Add(1)
			next.ServeHTTP(w, r)
		})
	}})
	must(t, err)
	listener := httptest.NewUnstartedServer(server)
	listener.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.opened.Add(1)
		}
	}
	listener.Start()
	t.Cleanup(listener.Close)
	environment := map[string]string{
		lakefsapi.EnvEndpoint: listener.URL, lakefsapi.EnvAccessKeyID: server.AccessKeyID(), lakefsapi.EnvSecretAccessKey: server.SecretAccessKey(),
	}
	factories := acctest.ProvidersWith(func(name string) string { return environment[name] })
	return acctest.Factories{"iam": func() (tfprotov6.ProviderServer, error) {
		c.providers.Add(1)
		return factories["iam"]()
	}}
}

// Terraform works on ten resources at once, so an instance of the provider needs
// ten connections, however many requests it sends.
func TestAccPeerBug08(t *testing.T) {
	t.Parallel()
	const parallel, members = 10, 60
	counted := new(connections)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: counted.start(t),
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf(`
resource "iam_lakefs_group" "test" {
  name = "bug08"
}
resource "iam_lakefs_user" "test" {
  count = %[1]d
  id    = "bug08-${count.index}"
}
resource "iam_lakefs_group_membership" "test" {
  count    = %[1]d
  group_id = iam_lakefs_group.test.id
  user_id  = iam_lakefs_user.test[count.index].id
}
`, members),
		}},
	})
	opened, requests, providers := counted.opened.Load(), counted.requests.Load(), counted.providers.Load()
	t.Logf("%d requests of %d provider instances went over %d connections", requests, providers, opened)
	if opened > parallel*providers || requests < 5*opened {
		t.Errorf("%d requests of %d provider instances opened %d connections, want %d at most for each instance", requests, providers, opened, parallel)
	}
}

func TestAccPeerBug09(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../../examples/resources/iam_lakefs_policy_attachment/resource.tf")
	must(t, err)
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{GroupIDs: os.Getenv("IAM_ACC_GROUP_IDS")})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps:                    []resource.TestStep{{Config: string(example), ConfigPlanChecks: emptyPlanAfterApply()}},
	})
}

// Of a policy that is updated only the date is new; what refers to the policy
// does not change.
func TestAccPeerBug10(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("bug10")
	before := endsConfig(name) + attachmentsConfig
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: before},
			{
				Config: strings.Replace(before, "fs:ReadObject", "fs:WriteObject", 1),
				ConfigPlanChecks: planned(thePolicy, plancheck.ResourceActionUpdate,
					plancheck.ExpectKnownValue(thePolicy, tfjsonpath.New("id"), knownvalue.StringExact(name)),
					plancheck.ExpectResourceAction(onUser, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(onGroup, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(theUser, plancheck.ResourceActionNoop)),
				ConfigStateChecks: []statecheck.StateCheck{policyIs("creation_date", rfc3339)},
			},
		},
	})
}
