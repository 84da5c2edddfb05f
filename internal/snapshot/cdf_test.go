// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// cdfWorld is a snapshot of the project of a local server, with the network and
// the time between.
type cdfWorld struct {
	*snapshot.CDF
	// beside speaks to the server past the snapshot and the network's faults, as
	// the administrator.
	beside  *cdfapi.Client
	server  *localserver.Server
	network *network
	clock   *clock
}

// newCDFWorld starts a server. The caller is its administrator.
func newCDFWorld(t *testing.T, options localserver.Options) *cdfWorld {
	t.Helper()
	w := &cdfWorld{clock: newClock()}
	options.Now = w.clock.Now
	var err error
	w.server, err = localserver.New(options)
	must(t, err)
	w.network = &network{server: w.server}
	w.beside = w.client(t, &network{server: w.server}, w.server.ClientID(), w.server.ClientSecret(), maxRetries)
	w.becomes(t, w.server.ClientID(), w.server.ClientSecret(), maxRetries)
	return w
}

// becomes begins anew as another caller, as the next command does.
func (w *cdfWorld) becomes(t *testing.T, clientID, clientSecret string, retries int) {
	t.Helper()
	client := w.client(t, w.network, clientID, clientSecret, retries)
	w.CDF = snapshot.NewCDF(client, snapshot.WithClock(w.clock.Now, w.clock.Sleep))
}

// becomesMember begins anew as a caller with these capabilities and no others.
func (w *cdfWorld) becomesMember(t *testing.T, capabilities string) {
	t.Helper()
	const id, source = "member", "members"
	must(t, w.server.AddCDFClient(cdf.Client{ID: id, Secret: "hush", SourceIDs: []string{source}}))
	_, err := w.server.AddCDFGroup(fmt.Appendf(nil, `{"name": "members", "sourceId": %q, "capabilities": %s}`, source, capabilities))
	must(t, err)
	w.becomes(t, id, "hush", maxRetries)
}

func (w *cdfWorld) client(t *testing.T, transport http.RoundTripper, clientID, clientSecret string, retries int) *cdfapi.Client {
	t.Helper()
	client, err := cdfapi.New(cdfapi.Config{
		BaseURL: "https://cdf.example.com", Project: w.server.Project(),
		ClientID: clientID, ClientSecret: clientSecret, TokenURL: "https://cdf.example.com/oauth2/token",
		HTTP: httpapi.Options{Transport: transport, MaxRetries: retries, Now: w.clock.Now, Sleep: w.clock.Sleep},
	})
	must(t, err)
	return client
}

// What requests of the project begin with.
const (
	cdfGroups     = "/projects/local/groups"
	cdfCategories = "/projects/local/securitycategories"
)

// writes counts the requests that make an object.
func (w *cdfWorld) writes(c cdfCreation) int {
	count := 0
	for _, sent := range w.network.requests(c.write) {
		if sent == c.write {
			count++
		}
	}
	return count
}

// wantCDFWrites fails unless so many requests to make an object were sent.
func (w *cdfWorld) wantCDFWrites(t *testing.T, c cdfCreation, want int) {
	t.Helper()
	if diff := cmp.Diff(want, w.writes(c)); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

// refusing is a JSON error of CDF in place of the server's answer.
func refusing(status int, message string) happening {
	return reply(false, status, "application/json", fmt.Sprintf(`{"error":{"code":%d,"message":%q}}`, status, message))
}

// cdfCreation is one kind of object of CDF: how it is made, and what that takes.
type cdfCreation struct {
	name string
	// write and look are the beginnings of the requests that make the object and
	// look for it.
	write, look string
	// create and remove go through the snapshot.
	create func(context.Context, *snapshot.CDF) (int64, error)
	remove func(context.Context, *snapshot.CDF, int64) error
	// beside makes the same object past the snapshot, list answers the ids of all
	// of its name.
	beside func(context.Context, *cdfapi.Client) (int64, error)
	list   func(context.Context, *cdfapi.Client) ([]int64, error)
	kind   string
	// known is how an error names the object.
	known string
}

const assetsReader = `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`

// newCDFGroup is a group to be made, which recognises others by name and
// capabilities.
func newCDFGroup(name, capabilities string) snapshot.GroupCreation {
	return snapshot.GroupCreation{
		GroupWrite: cdfapi.GroupWrite{Name: name, Capabilities: []byte(capabilities)},
		Same: func(group cdfapi.Group) bool {
			return group.Name == name && string(group.Capabilities) == capabilities
		},
	}
}

// cdfCreations are all kinds of objects of CDF that the snapshot creates.
var cdfCreations = []cdfCreation{
	{
		name: "group", write: "POST " + cdfGroups, look: "GET " + cdfGroups, kind: "CDF group", known: "new",
		create: func(ctx context.Context, s *snapshot.CDF) (int64, error) {
			group, _, err := s.CreateGroup(ctx, newCDFGroup("new", assetsReader))
			return group.ID, err
		},
		remove: func(ctx context.Context, s *snapshot.CDF, id int64) error { return s.DeleteGroup(ctx, id) },
		beside: func(ctx context.Context, c *cdfapi.Client) (int64, error) {
			group, err := c.CreateGroup(ctx, cdfapi.GroupWrite{Name: "new", Capabilities: []byte(assetsReader)})
			return group.ID, err
		},
		list: func(ctx context.Context, c *cdfapi.Client) ([]int64, error) {
			groups, err := c.ListGroups(ctx, true)
			var ids []int64
			for _, group := range groups {
				if group.Name == "new" {
					ids = append(ids, group.ID)
				}
			}
			return ids, err
		},
	},
	{
		name: "security category", write: "POST " + cdfCategories, look: "GET " + cdfCategories, kind: "security category", known: "new",
		create: func(ctx context.Context, s *snapshot.CDF) (int64, error) {
			category, err := s.CreateSecurityCategory(ctx, "new")
			return category.ID, err
		},
		remove: func(ctx context.Context, s *snapshot.CDF, id int64) error {
			return s.DeleteSecurityCategory(ctx, id, "new")
		},
		beside: func(ctx context.Context, c *cdfapi.Client) (int64, error) {
			category, err := c.CreateSecurityCategory(ctx, "new")
			return category.ID, err
		},
		list: func(ctx context.Context, c *cdfapi.Client) ([]int64, error) {
			var ids []int64
			for category, err := range c.ListSecurityCategories(ctx, cdfapi.ListOptions{}) {
				if err != nil {
					return nil, err
				}
				if category.Name == "new" {
					ids = append(ids, category.ID)
				}
			}
			return ids, nil
		},
	},
}

// forEachCDFCreation runs a test in a world of its own for every kind of object.
func forEachCDFCreation(t *testing.T, test func(*testing.T, cdfCreation, *cdfWorld)) {
	t.Helper()
	for _, c := range cdfCreations {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			test(t, c, newCDFWorld(t, localserver.Options{}))
		})
	}
}

// there lists the objects of the name on the server.
func (c cdfCreation) there(t *testing.T, w *cdfWorld) []int64 {
	t.Helper()
	ids, err := c.list(t.Context(), w.beside)
	must(t, err)
	return ids
}

// wantMade fails unless a create succeeded and its object is the only one of its
// name, but for others that were there before.
func (c cdfCreation) wantMade(t *testing.T, w *cdfWorld, made int64, err error, others ...int64) {
	t.Helper()
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	want := append(slices.Clone(others), made)
	slices.Sort(want)
	if diff := cmp.Diff(want, c.there(t, w)); diff != "" {
		t.Errorf("ids on the server (-want +got):\n%s", diff)
	}
}

// wantCDFExists fails unless an error says that the object exists, and which it is.
func (c cdfCreation) wantCDFExists(t *testing.T, err error, id int64) {
	t.Helper()
	exists, ok := errors.AsType[*snapshot.ExistsError](err)
	if !ok {
		t.Fatalf("got error %v, want an ExistsError", err)
	}
	want := snapshot.ExistsError{Kind: c.kind, ID: c.known}
	if c.name == "group" { // names are not unique, so the id is what it is imported by
		want = snapshot.ExistsError{Kind: c.kind, ID: strconv.FormatInt(id, 10), Name: c.known}
	}
	if diff := cmp.Diff(want, *exists); diff != "" {
		t.Errorf("ExistsError (-want +got):\n%s", diff)
	}
}
