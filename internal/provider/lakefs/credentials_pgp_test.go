// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/provider/lakefs"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

var (
	theSecret      = tfjsonpath.New("secret_access_key")
	theEncrypted   = tfjsonpath.New("encrypted_secret_access_key")
	theFingerprint = tfjsonpath.New("key_fingerprint")
)

// pgpArgument is the argument pgp_key.
func pgpArgument(key string) string { return fmt.Sprintf("pgp_key = <<-EOT\n%s\nEOT\n", key) }

func fingerprintOf(key acctest.PGPKey) string {
	return fmt.Sprintf("%x", key.Entity.PrimaryKey.Fingerprint)
}

// sealedState is the state of a key whose secret is encrypted for the holder of a PGP key.
func sealedState(key acctest.PGPKey) []statecheck.StateCheck {
	return []statecheck.StateCheck{
		statecheck.ExpectKnownValue(theKey, theSecret, knownvalue.Null()),
		statecheck.ExpectKnownValue(theKey, theEncrypted, knownvalue.NotNull()),
		statecheck.ExpectKnownValue(theKey, theFingerprint, knownvalue.StringExact(fingerprintOf(key))),
	}
}

// decrypts checks that the holder of the PGP key can use the access key.
func decrypts(t *testing.T, server *acctest.LakeFS, key acctest.PGPKey) resource.TestCheckFunc {
	t.Helper()
	return func(state *terraform.State) error {
		made := state.RootModule().Resources[theKey].Primary.Attributes
		return authenticates(t, server, lakefsapi.CredentialsWithSecret{
			AccessKeyID: made["access_key_id"], SecretAccessKey: key.Decrypt(t, made["encrypted_secret_access_key"]),
		}, true)(state)
	}
}

// With a pgp_key, the state has the secret encrypted only. Another spelling of the same
// PGP key plans nothing, another PGP key and none replace the access key.
func TestAccLakefsCredentials_pgp(t *testing.T) {
	t.Parallel()
	server := acctest.StartLakeFS(t)
	id := server.Name("sealed")
	one, other := acctest.NewPGPKey(t), acctest.NewPGPKey(t)
	config := func(arguments string) string { return credentialsConfig(id, arguments) }
	differs := statecheck.CompareValue(compare.ValuesDiffer())
	anotherKey := func() statecheck.StateCheck {
		return differs.AddStateValue(theKey, tfjsonpath.New("access_key_id"))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: server.Providers(),
		CheckDestroy:             keysAre(t, server, id),
		Steps: []resource.TestStep{
			{
				Config: config(pgpArgument(one.Public(t))),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectKnownValue(theKey, theSecret, knownvalue.Null()),
						plancheck.ExpectUnknownValue(theKey, theEncrypted),
						plancheck.ExpectKnownValue(theKey, theFingerprint, knownvalue.StringExact(fingerprintOf(one))),
					},
					PostApplyPreRefresh:  []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
				ConfigStateChecks: append(sealedState(one), anotherKey()),
				Check:             decrypts(t, server, one),
			},
			{Config: config(fmt.Sprintf("pgp_key = %q", base64.StdEncoding.EncodeToString([]byte(one.Public(t))))), ConfigPlanChecks: nothingPlanned()},
			{
				Config: config(pgpArgument(one.Public(t)) + "rotate_triggers = { month = \"2026-12\" }"), ConfigPlanChecks: planned(theKey, plancheck.ResourceActionReplace),
				ConfigStateChecks: append(sealedState(one), anotherKey()), Check: decrypts(t, server, one),
			},
			{
				Config:           config(pgpArgument(other.Public(t)) + "rotate_triggers = { month = \"2026-12\" }"),
				ConfigPlanChecks: planned(theKey, plancheck.ResourceActionReplace), ConfigStateChecks: append(sealedState(other), anotherKey()), Check: decrypts(t, server, other),
			},
			{
				Config: config("rotate_triggers = { month = \"2026-12\" }"), ConfigPlanChecks: planned(theKey, plancheck.ResourceActionReplace,
					plancheck.ExpectUnknownValue(theKey, theSecret), plancheck.ExpectKnownValue(theKey, theEncrypted, knownvalue.Null())),
				ConfigStateChecks: []statecheck.StateCheck{
					anotherKey(), statecheck.ExpectKnownValue(theKey, theSecret, knownvalue.NotNull()),
					statecheck.ExpectKnownValue(theKey, theEncrypted, knownvalue.Null()), statecheck.ExpectKnownValue(theKey, theFingerprint, knownvalue.Null()),
				},
			},
			{Config: config(pgpArgument(one.Public(t))), ConfigPlanChecks: planned(theKey, plancheck.ResourceActionReplace), ConfigStateChecks: append(sealedState(one), anotherKey())},
		},
	})
}

// A pgp_key that is known only after apply decides then where the secret is; one that is wrong is
// refused before there is a key.
func TestAccLakefsCredentials_pgpUnknown(t *testing.T) {
	t.Parallel()
	server := acctest.StartLakeFS(t)
	key := acctest.NewPGPKey(t)
	unknown := planned(theKey, plancheck.ResourceActionCreate,
		plancheck.ExpectUnknownValue(theKey, theSecret), plancheck.ExpectUnknownValue(theKey, theEncrypted), plancheck.ExpectUnknownValue(theKey, theFingerprint))
	null := func(path tfjsonpath.Path) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(theKey, path, knownvalue.Null())
	}
	for name, test := range map[string]struct {
		value string
		step  resource.TestStep
	}{
		"key":     {fmt.Sprintf("%q", key.Public(t)), resource.TestStep{ConfigPlanChecks: unknown, ConfigStateChecks: sealedState(key), Check: decrypts(t, server, key)}},
		"nothing": {"null", resource.TestStep{ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(theKey, theSecret, knownvalue.NotNull()), null(theEncrypted), null(theFingerprint)}}},
		"private": {fmt.Sprintf("%q", key.Private(t)), resource.TestStep{ExpectError: says("Unusable PGP key", "it is a private key")}},
		"expired": {fmt.Sprintf("%q", acctest.ExpiredPGPKey(t).Public(t)), resource.TestStep{ExpectError: says("Unusable PGP key", "has expired")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id := server.Name("sealed-later-" + name)
			makeUser(t, server, id)
			step := test.step
			step.Config = later(test.value) + fmt.Sprintf("resource \"iam_lakefs_credentials\" \"test\" {\n  user_id = %q\n  pgp_key = terraform_data.later.output\n}\n", id)
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: server.Providers(), CheckDestroy: keysAre(t, server, id), Steps: []resource.TestStep{step}})
			must(t, keysAre(t, server, id)(nil))
			must(t, server.Client.DeleteUser(t.Context(), id))
		})
	}
}

// What cannot encrypt is refused by the plan, which says what is wrong and shows no private key.
func TestAccLakefsCredentials_pgpRefused(t *testing.T) {
	t.Parallel()
	log := new(writes)
	server := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: log.record})
	key, signing := acctest.NewPGPKey(t), acctest.NewPGPKey(t)
	signing.Entity.Subkeys = nil
	private := key.Private(t)
	for name, test := range map[string]struct{ value, want string }{
		"empty":      {"", "it is empty"},
		"prose":      {"the key of ops", "it is neither an armored PGP key"},
		"keybase":    {"keybase:ops", "which the provider does not do"},
		"private":    {private, "it is a private key, which must stay with its owner"},
		"only signs": {signing.Public(t), "it has no subkey for encryption"},
		"expired":    {acctest.ExpiredPGPKey(t).Public(t), "has expired"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			providers, said := acctest.Listen(server.Providers())
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				Steps: []resource.TestStep{{
					Config: fmt.Sprintf("resource \"iam_lakefs_credentials\" \"test\" {\n  user_id = \"admin\"\n  pgp_key = %q\n}\n", test.value), PlanOnly: true,
					ExpectError: says("Unusable PGP key", test.want),
				}},
			})
			said.ExpectErrors(t, `^Unusable PGP key: iam_lakefs_credentials: pgp_key for the access key of the user "admin": .*`+regexp.QuoteMeta(test.want))
			for line := range strings.Lines(private) {
				if strings.Contains(strings.Join(said.Errors(), ""), strings.TrimSpace(line)) && len(line) > 40 {
					t.Errorf("the private key is shown: %s", line)
				}
			}
		})
	}
	t.Cleanup(func() {
		if seen := log.take(); len(seen) > 0 {
			t.Errorf("requests %v, want none", seen)
		}
	})
}

// The first pgp_key of an imported key changes nothing at the server: its secret is not
// known. The next one replaces it.
func TestAccLakefsCredentials_pgpImported(t *testing.T) {
	t.Parallel()
	server := acctest.StartLakeFS(t)
	id := server.Name("taken-over")
	makeUser(t, server, id)
	imported := makeKey(t, server, id)
	one, other := acctest.NewPGPKey(t), acctest.NewPGPKey(t)
	config := func(arguments string) string {
		return fmt.Sprintf("resource \"iam_lakefs_credentials\" \"test\" {\n  user_id = %q\n  %s\n}\n", id, arguments)
	}
	block := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", theKey, id+"/"+imported.AccessKeyID)
	kept := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(theKey, tfjsonpath.New("access_key_id"), knownvalue.StringExact(imported.AccessKeyID)),
		statecheck.ExpectKnownValue(theKey, theSecret, knownvalue.Null()),
		statecheck.ExpectKnownValue(theKey, theEncrypted, knownvalue.Null()),
		statecheck.ExpectKnownValue(theKey, theFingerprint, knownvalue.Null()),
	}
	providers, said := acctest.Listen(server.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             keysAre(t, server, id),
		Steps: []resource.TestStep{
			{Config: config(pgpArgument(one.Public(t))) + block, ConfigPlanChecks: planned(theKey, plancheck.ResourceActionUpdate), ConfigStateChecks: kept},
			{Config: config(pgpArgument(one.Public(t))), ConfigPlanChecks: nothingPlanned()},
			{Config: config(pgpArgument(one.Public(t)) + "rotate_triggers = { month = \"1\" }"), ConfigPlanChecks: planned(theKey, plancheck.ResourceActionUpdate), ConfigStateChecks: kept},
			{Config: config(pgpArgument(one.Public(t)) + "rotate_triggers = { month = \"2\" }"), ConfigPlanChecks: planned(theKey, plancheck.ResourceActionReplace), ConfigStateChecks: sealedState(one)},
			{Config: config(pgpArgument(other.Public(t)) + "rotate_triggers = { month = \"2\" }"), ConfigPlanChecks: planned(theKey, plancheck.ResourceActionReplace), ConfigStateChecks: sealedState(other)},
		},
	})
	said.ExpectWarnings(t, `^The secret of an imported access key cannot be encrypted: The access key `+imported.AccessKeyID+` of the user "`+id+`" was imported, .*stays null until the key is replaced`)
	must(t, server.Client.DeleteUser(t.Context(), id))
}

// A PGP key that expires later is no reason to refuse plans that encrypt nothing.
func TestAccLakefsCredentials_pgpExpiresLater(t *testing.T) {
	t.Parallel()
	server := acctest.StartLakeFS(t)
	id := server.Name("sealed-once")
	key := acctest.NewPGPKey(t)
	before := pgpArgument(key.Public(t))
	key.Expire(t)
	after := pgpArgument(key.Public(t))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: server.Providers(),
		CheckDestroy:             keysAre(t, server, id),
		Steps: []resource.TestStep{
			{Config: credentialsConfig(id, before), ConfigStateChecks: sealedState(key)},
			{Config: credentialsConfig(id, after), ConfigPlanChecks: nothingPlanned()},
			{
				Config: credentialsConfig(id, after+"rotate_triggers = { month = \"2\" }"), PlanOnly: true,
				ExpectError: says("Unusable PGP key", fingerprintOf(key)+" has expired"),
			},
		},
	})
}

// unsealable is a message that takes no secret.
type unsealable struct{}

func (unsealable) Seal(string) (string, error) { return "", errors.New("out of order") }
func (unsealable) Fingerprint() string         { return "f" }

// Where a secret cannot be encrypted after all, the new key is revoked, or kept in the
// state without it; its secret appears nowhere.
func TestKeyThatCannotBeSealed(t *testing.T) {
	t.Parallel()
	broken := &outage{strikes: func(r *http.Request) bool { return r.Method == http.MethodDelete }}
	server := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: broken.wrap})
	makeUser(t, server, "etl")
	for _, refused := range []bool{false, true} {
		broken.on.Store(refused)
		key := makeKey(t, server, "etl")
		secret, err := lakefs.KeepNewSecret(t.Context(), snapshot.NewLakeFS(server.Client), "etl", key, unsealable{})
		want := `the secret of the new access key ` + key.AccessKeyID + ` of the user "etl" could not be encrypted`
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "out of order") || strings.Contains(err.Error(), key.SecretAccessKey) {
			t.Errorf("refused %t: got error %v, want %q without the secret", refused, err, want)
		}
		if strings.Contains(err.Error(), "kept in the state") != refused || !secret.IsNull() {
			t.Errorf("refused %t: the secret is %v, error %v", refused, secret, err)
		}
		if works := server.Authenticates(t, key.AccessKeyID, key.SecretAccessKey); works != refused {
			t.Errorf("refused %t: the key works: %t", refused, works)
		}
	}
}
