// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// This file tests what lakeFS makes dangerous about users: their keys outlive
// them, some ids cannot be addressed, and an invitation may fail half way.

// lakeFS keeps the keys of a deleted user and lets them work for the next user of
// that id.
func TestAccLakefsUser_leftoverKeys(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments string
		works     bool
		warnings  []string
	}{
		"named": {"", true, []string{
			`^Access keys of an earlier lakeFS user work again: .*they work again: KEY\. Revoke them`,
			// The destroy at the end of the test revokes it.
			`^Deleting a lakeFS user removed .*with it went 1 access key\.`,
		}},
		"revoked": {"revoke_leftover_credentials = true", false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLakeFS(t)
			id := lakefs.Name("leftover-" + name)
			makeUser(t, lakefs, id)
			key := makeKey(t, lakefs, id)
			must(t, lakefs.Client.DeleteUser(t.Context(), id))
			providers, said := acctest.Listen(lakefs.Providers())
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				CheckDestroy:             resource.ComposeTestCheckFunc(userIsGone(t, lakefs, id), keysAre(t, lakefs, id)),
				Steps: []resource.TestStep{{
					Config: userConfig(id, test.arguments),
					Check:  authenticates(t, lakefs, key, test.works),
				}},
			})
			var warnings []string
			for _, warning := range test.warnings {
				warnings = append(warnings, strings.ReplaceAll(warning, "KEY", key.AccessKeyID))
			}
			said.ExpectWarnings(t, warnings...)
		})
	}
}

func TestAccLakefsUser_keysOnDestroy(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments string
		works     bool
	}{
		"revoked": {"", false},
		"left":    {"revoke_credentials_on_destroy = false", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLakeFS(t)
			id := lakefs.Name("destroy-" + name)
			var key lakefsapi.CredentialsWithSecret
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.Providers(),
				Steps: []resource.TestStep{
					{Config: userConfig(id, test.arguments)},
					{
						PreConfig: func() { key = makeKey(t, lakefs, id) },
						Config:    userConfig(id, test.arguments), Destroy: true,
					},
				},
			})
			must(t, userIsGone(t, lakefs, id)(nil))
			makeUser(t, lakefs, id)
			must(t, authenticates(t, lakefs, key, test.works)(nil))
			if test.works {
				must(t, lakefs.Client.DeleteCredentials(t.Context(), id, key.AccessKeyID))
			}
			must(t, lakefs.Client.DeleteUser(t.Context(), id))
		})
	}
}

// A caller that may not list keys can still make users; it is told what could
// not be looked at.
func TestAccLakefsUser_leftoversUnreadable(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("unreadable")
	key, secret := lakefs.Caller(t, "maker", lakefsapi.Statement{
		Effect: "allow", Action: []string{"auth:CreateUser", "auth:ReadUser", "auth:DeleteUser"}, Resource: "arn:lakefs:auth:::user/" + id,
	}, lakefsapi.Statement{
		Effect: "allow", Action: []string{"auth:ReadUser"}, Resource: "arn:lakefs:auth:::user/${user}", // to read its own rights
	})
	providers, said := acctest.Listen(lakefs.ProvidersAs(key, secret))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             userIsGone(t, lakefs, id),
		Steps:                    []resource.TestStep{{Config: userConfig(id, "revoke_credentials_on_destroy = false"), ConfigPlanChecks: emptyPlanAfterApply()}},
	})
	said.ExpectWarnings(t, `^Could not look for leftover credentials(.|\n)*needs auth:ListCredentials on arn:lakefs:auth:::user/`+regexp.QuoteMeta(id))
}

// When leftovers are to be revoked and looking for them fails, the user that was
// made stays in state.
func TestAccLakefsUser_savedDespiteError(t *testing.T) {
	t.Parallel()
	fault := &outage{strikes: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/credentials") }}
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: fault.wrap})
	id := lakefs.Name("tainted")
	fault.on.Store(true)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             userIsGone(t, lakefs, id),
		Steps: []resource.TestStep{
			{
				Config:      userConfig(id, "revoke_leftover_credentials = true"),
				ExpectError: regexp.MustCompile(`listUserCredentials(.|\n)*500(.|\n)*out\s+of\s+order`),
			},
			{
				PreConfig:        func() { fault.on.Store(false) },
				Config:           userConfig(id, "revoke_leftover_credentials = true"),
				ConfigPlanChecks: planned(theUser, plancheck.ResourceActionDestroyBeforeCreate),
			},
		},
	})
}

// Current versions of lakeFS create an id with "+", and lose the "+" later on.
func TestAccLakefsUser_plus(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{})
	id := lakefs.Name("a+b")
	providers, said := acctest.Listen(lakefs.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: userConfig(id, ""), ConfigPlanChecks: emptyPlanAfterApply()},
			{
				Config: userConfig(id, ""), Destroy: true,
				ExpectError: regexp.MustCompile(`is\s+still\s+listed,\s+but\s+the\s+server\s+cannot\s+address\s+it`),
			},
			// Terraform can let go of it all the same.
			{Config: "removed {\n  from = " + theUser + "\n  lifecycle {\n    destroy = false\n  }\n}\n"},
		},
	})
	said.ExpectWarnings(t, `^Id that cannot be addressed: .*"tfacc-a\+b" contains "\+"`,
		`^Could not look for leftover credentials(.|\n)*"tfacc-a\+b" is still listed, but the server cannot address it`)
}

func TestAccLakefsUser_invite(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options  localserver.Options
		warnings []string
	}{
		"sent": {options: localserver.Options{}},
		"without mail": {localserver.Options{Dialect: "0.97"}, []string{
			`^The invitation of a lakeFS user was not sent: The user "new@example\.com" was created(.|\n)*no smtp host configured`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLocalLakeFS(t, test.options)
			providers, said := acctest.Listen(lakefs.Providers())
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				CheckDestroy:             userIsGone(t, lakefs, "new@example.com"),
				Steps: []resource.TestStep{{
					Config: userConfig("new@example.com", "invite_user = true") + "output \"email\" {\n  value = " + theUser + ".email\n}\n",
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue(theUser, tfjsonpath.New("creation_date"), rfc3339),
						statecheck.ExpectKnownValue(theUser, tfjsonpath.New("email"), knownvalue.StringExact("new@example.com")),
						// Nothing that only a refresh brings: dependents saw the same.
						statecheck.ExpectKnownOutputValue("email", knownvalue.StringExact("new@example.com")),
					},
					ConfigPlanChecks: emptyPlanAfterApply(),
				}},
			})
			said.ExpectWarnings(t, test.warnings...)
		})
	}
}

// keysAre checks which keys the server lists for a user.
func keysAre(t *testing.T, lakefs *acctest.LakeFS, userID string, wanted ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		keys, err := keysOf(t.Context(), lakefs, userID)
		if err == nil && strings.Join(keys, " ") != strings.Join(wanted, " ") {
			err = fmt.Errorf("the user %q has the keys %q, want %q", userID, keys, wanted)
		}
		return err
	}
}

// authenticates checks whether the server accepts a key pair.
func authenticates(t *testing.T, lakefs *acctest.LakeFS, key lakefsapi.CredentialsWithSecret, wanted bool) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if works := lakefs.Authenticates(t, key.AccessKeyID, key.SecretAccessKey); works != wanted {
			return fmt.Errorf("the key %s authenticates: %t, want %t", key.AccessKeyID, works, wanted)
		}
		return nil
	}
}
