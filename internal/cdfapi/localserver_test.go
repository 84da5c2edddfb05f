// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// recorder notes which operations were called and what was logged of them.
type recorder struct {
	mu         sync.Mutex
	operations map[string]bool
	text       strings.Builder
}

func (r *recorder) log(_ context.Context, msg string, fields map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if operation, ok := fields["operation"].(string); ok {
		r.operations[operation] = true
	}
	fmt.Fprintf(&r.text, "%s %v\n", msg, fields)
}

// local is a local server and its administrator's client.
type local struct {
	*cdfapi.Client

	server   *cdf.Server
	url      string
	recorder recorder
	// What earlier steps have made.
	group    cdfapi.Group
	category cdfapi.SecurityCategory
	session  cdfapi.CreatedSession
}

func newLocal(t *testing.T, options cdf.Options, basic bool) *local {
	t.Helper()
	server, err := cdf.New(options)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	l := &local{server: server, url: web.URL, recorder: recorder{operations: map[string]bool{}}}
	l.Client = l.connect(t, server.ClientID(), server.ClientSecret(), basic)
	return l
}

// connect makes a client with client credentials.
func (l *local) connect(t *testing.T, id, secret string, basic bool) *cdfapi.Client {
	t.Helper()
	return connect(t, cdfapi.Config{
		BaseURL: l.url, OrganizationURL: l.url, Project: l.server.Project(), TokenURL: l.url + "/oauth2/token",
		ClientID: id, ClientSecret: secret, BasicAuth: basic, HTTP: httpapi.Options{Log: l.recorder.log},
	})
}

// step is one call and what it comes to: the error's kinds, nil for success.
type step struct {
	name string
	call func(context.Context, *local) error
	want []string
}

const localCapabilities = `[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":{"tables":["t1"]}}}}}},` +
	`{"timeSeriesAcl":{"actions":["READ"],"scope":{"idscope":{"ids":[9007199254740993]}}}}]`

// differs is an error when a call failed or answered something else.
func differs(err error, want, got any, options ...cmp.Option) error {
	if err != nil {
		return err
	}
	if diff := cmp.Diff(want, got, options...); diff != "" {
		return fmt.Errorf("(-want +got):\n%s", diff)
	}
	return nil
}

// lifecycle calls every operation in an order that makes sense.
var lifecycle = []step{
	{"inspect token", func(ctx context.Context, l *local) error {
		inspection, err := l.InspectToken(ctx)
		if err != nil {
			return err
		}
		if len(inspection.Projects) != 1 || len(inspection.Projects[0].Groups) == 0 || inspection.Subject == "" {
			return fmt.Errorf("inspection %+v", inspection)
		}
		return differs(nil, l.Project(), inspection.Projects[0].ProjectURLName)
	}, nil},
	{"get project", func(ctx context.Context, l *local) error {
		project, err := l.GetProject(ctx)
		return differs(err, l.server.Organization(), project.Organization)
	}, nil},
	{"list projects", func(ctx context.Context, l *local) error {
		projects, err := l.ListProjects(ctx)
		return differs(err, []cdfapi.ProjectItem{{URLName: l.Project(), DataModelingStatus: "HYBRID"}}, projects)
	}, nil},
	{"create group", createGroup, nil},
	{"list groups", listsGroup, nil},
	{"delete group", func(ctx context.Context, l *local) error { return l.DeleteGroups(ctx, l.group.ID) }, nil},
	{"delete group again", func(ctx context.Context, l *local) error {
		err := l.DeleteGroups(ctx, l.group.ID)
		if diff := cmp.Diff([]map[string]string{{"id": fmt.Sprint(l.group.ID)}}, cdfapi.MissingOf(err)); diff != "" {
			return fmt.Errorf("missing (-want +got):\n%s", diff)
		}
		return err
	}, []string{"not found"}},
	{"create bad group", func(ctx context.Context, l *local) error {
		_, err := l.CreateGroup(ctx, cdfapi.GroupWrite{Name: "bad", SourceID: "s", Members: &cdfapi.Members{AllUserAccounts: true}})
		return err
	}, []string{}},
	{"create category", func(ctx context.Context, l *local) (err error) {
		l.category, err = l.CreateSecurityCategory(ctx, "secret")
		return err
	}, nil},
	{"create category again", func(ctx context.Context, l *local) error {
		_, err := l.CreateSecurityCategory(ctx, "secret")
		return err
	}, []string{"duplicated"}},
	{"list categories", listCategories, nil},
	{"delete category", func(ctx context.Context, l *local) error { return l.DeleteSecurityCategories(ctx, l.category.ID) }, nil},
	{"delete category again", func(ctx context.Context, l *local) error { return l.DeleteSecurityCategories(ctx, l.category.ID) }, []string{"not found"}},
	{"sessions", useSessions, nil},
	{"session with a wrong secret", func(ctx context.Context, l *local) error {
		_, err := l.CreateSession(ctx, cdfapi.SessionCredentials{ClientID: "x", ClientSecret: sessionSecret})
		return err
	}, []string{}},
	{"no such session", func(ctx context.Context, l *local) error {
		_, err := l.RetrieveSessions(ctx, 1)
		return err
	}, []string{"not found"}},
	{"profiles", readProfiles, nil},
	{"no such profile", func(ctx context.Context, l *local) error {
		_, err := l.RetrieveUserProfiles(ctx, "nobody")
		return err
	}, []string{"not found"}},
	{"profiles off and on", func(ctx context.Context, l *local) error {
		for _, enabled := range []bool{false, true} {
			if got, err := l.SetUserProfilesEnabled(ctx, enabled); err != nil || got != enabled {
				return fmt.Errorf("switched to %t: %w", got, err)
			}
		}
		return nil
	}, nil},
	{"principals", readPrincipals, nil},
	{"no such principal", func(ctx context.Context, l *local) error {
		_, err := l.RetrievePrincipals(ctx, l.server.Organization(), []string{"nobody"}, nil, false)
		return err
	}, []string{"not found"}},
}

func createGroup(ctx context.Context, l *local) error {
	group, err := l.CreateGroup(ctx, cdfapi.GroupWrite{
		Name: "readers", Capabilities: json.RawMessage(localCapabilities), Metadata: map[string]string{"k": "v"},
		Members: &cdfapi.Members{IDs: []string{"user-anna", "user-bo"}}, Attributes: json.RawMessage(`{"token":{"appIds":["a"]}}`),
	})
	l.group = group
	return differs(err, cdfapi.Group{
		Name: "readers", Metadata: map[string]string{"k": "v"}, Members: &cdfapi.Members{IDs: []string{"user-anna", "user-bo"}},
	}, group, cmpopts.SortSlices(strings.Compare), cmpopts.IgnoreFields(cdfapi.Group{}, "ID", "Capabilities", "Attributes"))
}

func listsGroup(ctx context.Context, l *local) error {
	groups, err := l.ListGroups(ctx, true)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(groups, func(group cdfapi.Group) bool { return group.ID == l.group.ID })
	if at < 0 {
		return fmt.Errorf("the group %d is not in %+v", l.group.ID, groups)
	}
	own, err := l.ListGroups(ctx, false)
	if err != nil || len(own) != len(groups)-1 {
		return fmt.Errorf("%d own groups of %d: %w", len(own), len(groups), err)
	}
	return differs(nil, l.group, groups[at])
}

func listCategories(ctx context.Context, l *local) error {
	for i := range 4 {
		if _, err := l.CreateSecurityCategory(ctx, fmt.Sprint("more ", i)); err != nil {
			return err
		}
	}
	for limit, want := range map[int]int{0: 5, 3: 3, 9: 5} {
		count := 0
		for _, err := range l.ListSecurityCategories(ctx, cdfapi.ListOptions{Limit: limit}) {
			if err != nil {
				return err
			}
			count++
		}
		if count != want {
			return fmt.Errorf("%d categories with a limit of %d, want %d", count, limit, want)
		}
	}
	return nil
}

// useSessions makes a session of each kind, and reads and ends one.
func useSessions(ctx context.Context, l *local) error {
	own, _ := l.OwnSessionCredentials()
	for _, credentials := range []cdfapi.SessionCredentials{{TokenExchange: true}, {OneShotTokenExchange: true}, own} {
		made, err := l.CreateSession(ctx, credentials)
		if err != nil {
			return err
		}
		l.session = made
	}
	listed, err := collect(l.ListSessions(ctx, "READY", all))
	if sessions, ok := listed.([]cdfapi.Session); err != nil || !ok || len(sessions) != 3 {
		return fmt.Errorf("sessions %+v: %w", listed, err)
	}
	read, err := l.RetrieveSessions(ctx, l.session.ID)
	ready := cdfapi.Session{ID: l.session.ID, Type: "CLIENT_CREDENTIALS", Status: "READY", ClientID: l.server.ClientID()}
	noTimes := cmpopts.IgnoreFields(cdfapi.Session{}, "CreationTime", "ExpirationTime")
	if err := differs(err, []cdfapi.Session{ready}, read, noTimes); err != nil {
		return err
	}
	revoked, err := l.RevokeSessions(ctx, l.session.ID)
	ready.Status = "REVOKED"
	return differs(err, []cdfapi.Session{ready}, revoked, noTimes)
}

func readProfiles(ctx context.Context, l *local) error {
	mine, err := l.GetMyUserProfile(ctx)
	if err := differs(err, l.server.ClientID(), mine.UserIdentifier); err != nil {
		return err
	}
	for identityType, want := range map[string]int{"": 3, "ALL": 4, "SERVICE_PRINCIPAL": 1} {
		count := 0
		for _, err := range l.ListUserProfiles(ctx, identityType, all) {
			if err != nil {
				return err
			}
			count++
		}
		if count != want {
			return fmt.Errorf("%d profiles of type %q, want %d", count, identityType, want)
		}
	}
	anna := cdfapi.UserProfile{
		UserIdentifier: "user-anna", GivenName: "Anna", Surname: "Berg", Email: "anna.berg@example.com",
		DisplayName: "Anna Berg", JobTitle: "Data engineer", IdentityType: "USER",
	}
	noTime := cmpopts.IgnoreFields(cdfapi.UserProfile{}, "LastUpdatedTime")
	read, err := l.RetrieveUserProfiles(ctx, "user-anna")
	if err := differs(err, []cdfapi.UserProfile{anna}, read, noTime); err != nil {
		return err
	}
	found, err := l.SearchUserProfiles(ctx, "an", 0)
	return differs(err, []cdfapi.UserProfile{anna}, found, noTime)
}

func readPrincipals(ctx context.Context, l *local) error {
	organization := l.server.Organization()
	mine, err := l.GetMyPrincipal(ctx)
	if err := differs(err, "Administrator", mine.Name); err != nil {
		return err
	}
	for types, want := range map[string]int{"": 5, "USER": 3, "USER,SERVICE_ACCOUNT": 5} {
		var ids []string
		for principal, err := range l.ListPrincipals(ctx, organization, strings.FieldsFunc(types, func(r rune) bool { return r == ',' }), all) {
			if err != nil {
				return err
			}
			ids = append(ids, principal.ID)
		}
		if len(ids) != want {
			return fmt.Errorf("principals %q of types %q, want %d", ids, types, want)
		}
	}
	read, err := l.RetrievePrincipals(ctx, organization, []string{"user-anna", "nobody"}, []string{"pipeline"}, true)
	if err != nil || len(read) != 2 {
		return fmt.Errorf("principals %+v: %w", read, err)
	}
	return differs(nil, []string{"Anna", "pipeline"}, []string{read[0].GivenName, read[1].ExternalID})
}

// TestEveryOperationOnALocalServer leaves none out, on a service that answers in
// its usual forms and on one that answers in all the others.
func TestEveryOperationOnALocalServer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options cdf.Options
		basic   bool
	}{
		"usual forms": {cdf.Options{}, false},
		"other forms": {cdf.Options{
			Project: "acme", PageSize: 2, TextIDs: true, ReverseMembers: true, TextExpiry: true, CursorObjects: true, ListDeletedGroups: true,
		}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLocal(t, test.options, test.basic)
			for _, step := range lifecycle {
				if err := step.call(t.Context(), l); !slices.Equal(kinds(err), step.want) || (err == nil) != (step.want == nil) {
					t.Errorf("%s: error %v, want %q", step.name, err, step.want)
				}
			}
			if diff := cmp.Diff(operationIDs(), slices.Sorted(maps.Keys(l.recorder.operations))); diff != "" {
				t.Errorf("operations called (-want +got):\n%s", diff)
			}
			for _, secret := range []string{l.server.ClientSecret(), l.session.Nonce, sessionSecret} {
				if strings.Contains(l.recorder.text.String(), secret) {
					t.Error("a secret shows in the log")
				}
			}
		})
	}
}

// operationIDs are the ids of all operations.
func operationIDs() []string {
	ids := map[string]bool{}
	for name := range operationTests {
		id, _, _ := strings.Cut(name, " ")
		ids[id] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// TestRefusalsOfALocalServer tells those apart that a caller can do something about.
func TestRefusalsOfALocalServer(t *testing.T) {
	t.Parallel()
	l := newLocal(t, cdf.Options{}, false)
	if err := l.server.AddClient(cdf.Client{ID: "outsider", Secret: "0utsider-s3cret"}); err != nil {
		t.Fatal(err)
	}
	if err := l.server.AddClient(cdf.Client{ID: "reader", Secret: "re4der-s3cret", SourceIDs: []string{"readers"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.CreateGroup(t.Context(), cdfapi.GroupWrite{
		Name: "readers", SourceID: "readers", Capabilities: json.RawMessage(`[{"sessionsAcl":{"actions":["DELETE"],"scope":{"all":{}}}}]`),
	}); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		id, secret string
		want       []string
	}{
		"wrong secret": {"reader", "wr0ng", []string{"credentials rejected"}},
		"no member":    {"outsider", "0utsider-s3cret", []string{"credentials rejected"}},
		"no right":     {"reader", "re4der-s3cret", []string{"not permitted"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := l.connect(t, test.id, test.secret, false)
			_, err := client.CreateSecurityCategory(t.Context(), "secret")
			if diff := cmp.Diff(test.want, kinds(err)); diff != "" || strings.Contains(err.Error(), test.secret) {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	t.Run("sessions that may be ended and not seen", func(t *testing.T) {
		t.Parallel()
		made, err := l.CreateSession(t.Context(), cdfapi.SessionCredentials{TokenExchange: true})
		if err != nil {
			t.Fatal(err)
		}
		revoked, err := l.connect(t, "reader", "re4der-s3cret", false).RevokeSessions(t.Context(), made.ID)
		if err := differs(err, []cdfapi.Session{{ID: made.ID}}, revoked); err != nil {
			t.Error(err)
		}
	})
}
