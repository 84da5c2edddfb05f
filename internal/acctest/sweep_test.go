// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// TestMain runs the sweeper when it is asked for: go test ./internal/acctest -sweep=live.
func TestMain(m *testing.M) {
	for platform, sweep := range sweepers {
		resource.AddTestSweepers(platform, &resource.Sweeper{Name: platform, F: func(string) error {
			return sweepNamed(context.Background(), os.Getenv, sweep)
		}})
	}
	resource.TestMain(m)
}

// sweepers sweep the server of each platform that the environment names; one that it
// does not name is passed over.
var sweepers = map[string]func(ctx context.Context, getenv func(string) string) error{
	"iam_lakefs": func(ctx context.Context, getenv func(string) string) error {
		if getenv(lakefsapi.EnvEndpoint) == "" {
			return nil
		}
		client, err := lakefsapi.New(lakefsapi.Config{
			Endpoint:        getenv(lakefsapi.EnvEndpoint),
			AccessKeyID:     getenv(lakefsapi.EnvAccessKeyID),
			SecretAccessKey: getenv(lakefsapi.EnvSecretAccessKey),
		})
		if err != nil {
			return err
		}
		return Sweep(ctx, client)
	},
	"iam_cdf": func(ctx context.Context, getenv func(string) string) error {
		if getenv(cdfapi.EnvProject) == "" {
			return nil
		}
		client, err := cdfapi.New(cdfapi.ConfigFromEnvironment(cdfapi.Config{}, cdfapi.Environment{Getenv: getenv}))
		if err != nil {
			return err
		}
		return SweepCDF(ctx, client)
	},
}

// sweepNamed sweeps one platform, once it is confirmed that this is meant.
func sweepNamed(ctx context.Context, getenv func(string) string, sweep func(context.Context, func(string) string) error) error {
	if getenv(envLive) != "1" {
		return errors.New("sweeping deletes objects of a real server: set " + envLive + "=1 to confirm")
	}
	return sweep(ctx, getenv)
}

// litter is what tests may have left, and beside it what is none of theirs.
const litter = `{
  "users": [{"id": "tfacc-user"}, {"id": "tfacc"}, {"id": "my-tfacc-user"}],
  "groups": [{"id": "tfacc-group"}, {"id": "TFACC-group"}],
  "policies": [
    {"id": "tfacc-policy", "statement": [{"effect": "allow", "action": ["fs:*"], "resource": "*"}]},
    {"id": "policy", "statement": [{"effect": "allow", "action": ["fs:*"], "resource": "*"}]}
  ],
  "memberships": [{"group": "tfacc-group", "user": "tfacc-user"}, {"group": "Viewers", "user": "tfacc-user"}],
  "attachments": [
    {"policy": "tfacc-policy", "user": "tfacc"}, {"policy": "policy", "user": "tfacc-user"},
    {"policy": "policy", "group": "tfacc-group"}, {"policy": "tfacc-policy", "group": "TFACC-group"}
  ],
  "credentials": [
    {"user": "tfacc-user", "access_key_id": "AKIAJLEFTOVERLEFTOVQ", "secret_access_key": "not-a-real-secret"},
    {"user": "tfacc", "access_key_id": "AKIAJNOTTOBEDELETEDQ", "secret_access_key": "not-a-real-secret"}
  ]
}`

func TestSweep(t *testing.T) {
	t.Parallel()
	for _, groupIDs := range []string{"name", "generated"} {
		t.Run(groupIDs, func(t *testing.T) {
			t.Parallel()
			clean := StartLocalLakeFS(t, localserver.Options{GroupIDs: groupIDs})
			lakefs := StartLocalLakeFS(t, localserver.Options{GroupIDs: groupIDs, Seed: strings.NewReader(litter)})
			fatal(t, Sweep(t.Context(), lakefs.Client))

			wanted := inventory(t, clean.Client)
			wanted["users"] = append(wanted["users"], "my-tfacc-user", "tfacc")
			wanted["groups"] = append(wanted["groups"], "TFACC-group")
			wanted["policies"] = append(wanted["policies"], "policy")
			wanted["keys"] = append(wanted["keys"], "AKIAJNOTTOBEDELETEDQ")
			for _, names := range wanted {
				slices.Sort(names)
			}
			if diff := cmp.Diff(wanted, inventory(t, lakefs.Client)); diff != "" {
				t.Errorf("what is left (-want +got):\n%s", diff)
			}
			fatal(t, Sweep(t.Context(), lakefs.Client)) // nothing to do is no error
		})
	}
}

// One object that cannot be deleted does not keep the others.
func TestSweep_goesOn(t *testing.T) {
	t.Parallel()
	stuck := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/users/tfacc-user") {
				http.Error(w, `{"message":"stuck"}`, http.StatusInternalServerError)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	lakefs := StartLocalLakeFS(t, localserver.Options{Seed: strings.NewReader(litter), Middleware: stuck})
	err := Sweep(t.Context(), lakefs.Client)
	if err == nil || !strings.Contains(err.Error(), "deleteUser") {
		t.Errorf("the error is %v, want one of deleteUser", err)
	}
	left := inventory(t, lakefs.Client)
	if slices.Contains(left["groups"], "tfacc-group") || slices.Contains(left["policies"], "tfacc-policy") {
		t.Errorf("groups or policies were left: %v", left)
	}
}

// The command sweeps the server of the environment, and only when told so.
func TestSweep_onlyLive(t *testing.T) {
	t.Parallel()
	lakefs := StartLocalLakeFS(t, localserver.Options{Seed: strings.NewReader(litter)})
	for _, confirmed := range []string{"", "1"} {
		err := sweepNamed(t.Context(), func(name string) string {
			if name == envLive {
				return confirmed
			}
			return lakefs.Environment()[name]
		}, sweepers["iam_lakefs"])
		wanted, left := confirmed == "1", slices.Contains(inventory(t, lakefs.Client)["users"], "tfacc-user")
		if swept := err == nil && !left; swept != wanted {
			t.Errorf("%s=%q: swept is %t (%v), want %t", envLive, confirmed, swept, err, wanted)
		}
	}
}

// cdfLitter is the same in a CDF project.
const cdfLitter = `{"cdf": {
  "groups": [{"name": "tfacc-group"}, {"name": "tfacc-group"}, {"name": "my-tfacc-group"}],
  "securityCategories": [{"name": "tfacc-category"}, {"name": "TFACC-category"}]
}}`

func TestSweepCDF(t *testing.T) {
	t.Parallel()
	cdf := StartLocalCDF(t, localserver.Options{Seed: strings.NewReader(cdfLitter)})
	environment := func(name string) string {
		if name == envLive {
			return "1"
		}
		return cdf.Environment()[name]
	}
	for platform, sweep := range sweepers { // a platform that is not named is passed over
		if err := sweepNamed(t.Context(), environment, sweep); err != nil {
			t.Errorf("sweeping %s: %v", platform, err)
		}
	}
	groups := names(t, listed(cdf.Client.ListGroups(t.Context(), true)), func(g cdfapi.Group) string { return g.Name })
	categories := names(t, cdf.Client.ListSecurityCategories(t.Context(), cdfapi.ListOptions{}), func(c cdfapi.SecurityCategory) string { return c.Name })
	if diff := cmp.Diff([][]string{{"administrators", "my-tfacc-group"}, {"TFACC-category"}}, [][]string{groups, categories}); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
	fatal(t, SweepCDF(t.Context(), cdf.Client)) // nothing to do is no error
}

// A caller who may not list is told so.
func TestSweepCDF_refused(t *testing.T) {
	t.Parallel()
	cdf := StartLocalCDF(t, localserver.Options{})
	id, secret := cdf.Caller(t, "nobody", "[]")
	client, err := cdfapi.New(cdfapi.ConfigFromEnvironment(cdfapi.Config{ClientID: id, ClientSecret: secret}, cdfapi.Environment{
		Getenv: func(name string) string { return cdf.Environment()[name] },
	}))
	fatal(t, err)
	if err := SweepCDF(t.Context(), client); err == nil || !strings.Contains(err.Error(), "listGroups") || !strings.Contains(err.Error(), "listSecurityCategories") {
		t.Errorf("the error is %v, want those of both lists", err)
	}
}

// inventory lists the names of everything on a server, but the keys of the admin.
func inventory(t *testing.T, lakefs *lakefsapi.Client) map[string][]string {
	t.Helper()
	all, found := lakefsapi.ListOptions{}, map[string][]string{"keys": nil}
	found["users"] = names(t, lakefs.ListUsers(t.Context(), all), func(u lakefsapi.User) string { return u.ID })
	found["groups"] = names(t, lakefs.ListGroups(t.Context(), all), func(g lakefsapi.Group) string { return g.Name })
	found["policies"] = names(t, lakefs.ListPolicies(t.Context(), all), func(p lakefsapi.Policy) string { return p.ID })
	for _, user := range append(found["users"], "tfacc-user") { // keys outlive their user
		if user != "admin" {
			found["keys"] = append(found["keys"], names(t, lakefs.ListUserCredentials(t.Context(), user, all), func(c lakefsapi.Credentials) string {
				return c.AccessKeyID
			})...)
		}
	}
	return found
}

func names[T any](t *testing.T, listing iter.Seq2[T, error], name func(T) string) []string {
	t.Helper()
	var all []string
	for object, err := range listing {
		fatal(t, err)
		all = append(all, name(object))
	}
	slices.Sort(all)
	return all
}
