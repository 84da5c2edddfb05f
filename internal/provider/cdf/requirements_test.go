// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// operations calls each operation that needs capabilities, on a group, a security category
// and a session. Those on user profiles are not among them: every member of a group has
// that right by itself.
func operations(ctx context.Context, c *cdfapi.Client, group, category, session int64) map[string]func() error {
	var every cdfapi.ListOptions
	return map[string]func() error{
		"listGroups":               func() error { return acctest.ErrorOf(c.ListGroups(ctx, true)) },
		"createGroups":             func() error { return acctest.ErrorOf(c.CreateGroup(ctx, cdfapi.GroupWrite{Name: "new"})) },
		"deleteGroups":             func() error { return c.DeleteGroups(ctx, group) },
		"listSecurityCategories":   func() error { return acctest.Drain(c.ListSecurityCategories(ctx, every)) },
		"createSecurityCategories": func() error { return acctest.ErrorOf(c.CreateSecurityCategory(ctx, "new")) },
		"deleteSecurityCategories": func() error { return c.DeleteSecurityCategories(ctx, category) },
		"createSession": func() error {
			return acctest.ErrorOf(c.CreateSession(ctx, cdfapi.SessionCredentials{TokenExchange: true}))
		},
		"listSessions":     func() error { return acctest.Drain(c.ListSessions(ctx, "", every)) },
		"retrieveSessions": func() error { return acctest.ErrorOf(c.RetrieveSessions(ctx, session)) },
		"revokeSessions":   func() error { return acctest.ErrorOf(c.RevokeSessions(ctx, session)) },
		"getProject":       func() error { return acctest.ErrorOf(c.GetProject(ctx)) },
		"updateProject":    func() error { return acctest.ErrorOf(c.SetUserProfilesEnabled(ctx, true)) },
		"listProjects":     func() error { return acctest.ErrorOf(c.ListProjects(ctx)) },
		"inspectToken":     func() error { return acctest.ErrorOf(c.InspectToken(ctx)) },
	}
}

// With exactly the capabilities that the table names an operation succeeds, and without
// any one of them it is refused.
func TestRequiredCapabilitiesOfOperations(t *testing.T) {
	t.Parallel()
	for operation := range operations(t.Context(), nil, 0, 0, 0) {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			required, known := cdfcapability.Required(operation)
			if !known {
				t.Fatal("nobody knows what it requires")
			}
			acctest.ProveRequired(t, required, func(t *testing.T, rights []cdfcapability.Permission) error {
				t.Helper()
				return callAs(t, operation, rights)
			}, cdfapi.IsNotPermitted)
		})
	}
}

// callAs calls an operation in a new project as a caller with some capabilities only.
func callAs(t *testing.T, operation string, required []cdfcapability.Permission) error {
	t.Helper()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	group, err := project.Client.CreateGroup(t.Context(), cdfapi.GroupWrite{Name: "g"})
	must(t, err)
	category, err := project.Client.CreateSecurityCategory(t.Context(), "c")
	must(t, err)
	session, err := project.Client.CreateSession(t.Context(), cdfapi.SessionCredentials{TokenExchange: true})
	must(t, err)
	capabilities := make([]string, len(required))
	for i, permission := range required {
		capabilities[i] = fmt.Sprintf(`{%q:{"actions":[%q],"scope":{"all":{}}}}`, permission.ACL, permission.Action)
	}
	environment := maps.Clone(project.Environment())
	environment[cdfapi.EnvClientID], environment[cdfapi.EnvClientSecret] = project.Caller(t, "caller", "["+strings.Join(capabilities, ",")+"]")
	client, err := cdfapi.New(cdfapi.ConfigFromEnvironment(cdfapi.Config{}, cdfapi.Environment{Getenv: func(name string) string { return environment[name] }}))
	must(t, err)
	return operations(t.Context(), client, group.ID, category.ID, session.ID)[operation]()
}
