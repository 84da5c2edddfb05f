// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	acceptance "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/provider/cdf"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// This file holds what tests do and ask beside the provider, at the server, and a
// world in which requests fail and time passes only while somebody waits.

// groupsNamed lists the groups of a name that are not deleted, in the order in which
// they were made.
func groupsNamed(ctx context.Context, project *acctest.CDF, name string) ([]cdfapi.Group, error) {
	groups, err := project.Client.ListGroups(ctx, true)
	groups = slices.DeleteFunc(groups, func(g cdfapi.Group) bool { return g.IsDeleted || g.Name != name })
	slices.SortFunc(groups, func(a, b cdfapi.Group) int { return int(a.ID - b.ID) })
	return groups, err
}

// groupIDs is groupsNamed for tests that want the ids.
func groupIDs(t *testing.T, project *acctest.CDF, name string) []int64 {
	t.Helper()
	groups, err := groupsNamed(t.Context(), project, name)
	must(t, err)
	ids := []int64{}
	for _, group := range groups {
		ids = append(ids, group.ID)
	}
	return ids
}

// theOne is the id of the one group of a name.
func theOne(t *testing.T, project *acctest.CDF, name string) int64 {
	t.Helper()
	ids := groupIDs(t, project, name)
	if len(ids) != 1 {
		t.Fatalf("the server has the groups %v of the name %q, want one", ids, name)
	}
	return ids[0]
}

// groupsAre checks how many groups of a name the server has.
func groupsAre(t *testing.T, project *acctest.CDF, name string, want int) acceptance.TestCheckFunc {
	return func(*terraform.State) error {
		// After the test its context has ended.
		groups, err := groupsNamed(context.WithoutCancel(t.Context()), project, name)
		if err == nil && len(groups) != want {
			err = fmt.Errorf("the server has %d groups of the name %q, want %d", len(groups), name, want)
		}
		return err
	}
}

// makeGroup makes a group out of band, which is deleted after the test unless that
// was done before.
func makeGroup(t *testing.T, project *acctest.CDF, name, capabilities string) int64 {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	group, err := project.Client.CreateGroup(ctx, cdfapi.GroupWrite{Name: name, Capabilities: []byte(capabilities)})
	must(t, err)
	t.Cleanup(func() {
		if err := project.Client.DeleteGroups(ctx, group.ID); !cdfapi.IsNotFound(err) {
			must(t, err)
		}
	})
	return group.ID
}

// clock is a time that passes only while somebody sleeps.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept time.Duration
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.slept = c.now.Add(d), c.slept+d
	return ctx.Err()
}

// world is a project on a local server whose requests may fail, and a provider whose
// waiting takes no time.
type world struct {
	*acctest.CDF
	clock

	// client is the caller; nil is the administrator.
	client *[2]string

	network sync.Mutex
	// sent are the requests that arrived, as "METHOD /path", the path below the
	// project.
	sent   []string
	faults []*fault
}

// fault is what happens to some requests in place of an answer.
type fault struct {
	// request is what sent has of them.
	request string
	// times is how many of them it happens to; negative means all.
	times  int
	happen happening
}

// happening answers a request; deliver brings it to the server.
type happening func(w http.ResponseWriter, deliver func() *httptest.ResponseRecorder)

// Requests that change something.
const (
	createGroup    = "POST /groups"
	deleteGroup    = "POST /groups/delete"
	listGroups     = "GET /groups"
	createCategory = "POST /securitycategories"
	deleteCategory = "POST /securitycategories/delete"
)

// lost cuts the connection, before the server gets the request or after.
func lost(delivered bool) happening {
	return func(_ http.ResponseWriter, deliver func() *httptest.ResponseRecorder) {
		if delivered {
			deliver()
		}
		panic(http.ErrAbortHandler)
	}
}

// answered puts an error in the place of the server's answer, likewise.
func answered(delivered bool, status int) happening {
	return func(w http.ResponseWriter, deliver func() *httptest.ResponseRecorder) {
		if delivered {
			deliver()
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"error":{"code":%d,"message":"out of order"}}`, status)
	}
}

// garbled is a success that says nothing of what was made.
func garbled(w http.ResponseWriter, deliver func() *httptest.ResponseRecorder) {
	deliver()
	_, _ = w.Write([]byte("<html>welcome</html>"))
}

// rewritten changes the body of the server's answer.
func rewritten(change func(body string) string) happening {
	return func(w http.ResponseWriter, deliver func() *httptest.ResponseRecorder) {
		answer := deliver()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write([]byte(change(answer.Body.String())))
	}
}

// following does something and then lets the server answer.
func following(something func()) happening {
	return func(w http.ResponseWriter, deliver func() *httptest.ResponseRecorder) {
		something()
		rewritten(func(body string) string { return body })(w, deliver)
	}
}

// startWorld starts a world, in which the administrator calls.
func startWorld(t *testing.T, options localserver.Options) *world {
	t.Helper()
	w := &world{clock: clock{now: time.Unix(1_795_000_000, 0)}}
	options.Now, options.Middleware = w.read, w.middleware
	w.CDF = acctest.StartLocalCDF(t, options)
	return w
}

// as makes another client the caller of the provider.
func (w *world) as(clientID, clientSecret string) { w.client = &[2]string{clientID, clientSecret} }

// middleware records requests and lets faults happen to them.
func (w *world) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		happen := w.record(r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v1/projects/local"))
		if happen == nil {
			next.ServeHTTP(rw, r)
			return
		}
		happen(rw, func() *httptest.ResponseRecorder {
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			return recorder
		})
	})
}

func (w *world) record(sent string) happening {
	w.network.Lock()
	defer w.network.Unlock()
	w.sent = append(w.sent, sent)
	for _, f := range w.faults {
		if f.times != 0 && f.request == sent {
			f.times--
			return f.happen
		}
	}
	return nil
}

// breaks lets something happen to so many requests from now on, and to no other.
func (w *world) breaks(request string, times int, happen happening) {
	w.network.Lock()
	defer w.network.Unlock()
	w.faults = []*fault{{request, times, happen}}
}

// breaksInTurn lets one thing after the other happen to the next requests.
func (w *world) breaksInTurn(request string, happenings ...happening) {
	w.network.Lock()
	defer w.network.Unlock()
	w.faults = nil
	for _, happen := range happenings {
		w.faults = append(w.faults, &fault{request, 1, happen})
	}
}

// heals takes the faults away.
func (w *world) heals() { w.breaksInTurn("") }

// writes returns the requests that changed groups or categories, or meant to, since
// the last call.
func (w *world) writes() []string {
	w.network.Lock()
	defer w.network.Unlock()
	var writes []string
	for _, sent := range w.sent {
		if strings.HasPrefix(sent, "POST /groups") || strings.HasPrefix(sent, "POST /securitycategories") {
			writes = append(writes, sent)
		}
	}
	w.sent = nil
	return writes
}

// wantWrites checks what was written since the last call of writes.
func (w *world) wantWrites(want ...string) acceptance.TestCheckFunc {
	return func(*terraform.State) error {
		if diff := cmp.Diff(want, w.writes()); diff != "" {
			return fmt.Errorf("requests that write (-want +got):\n%s", diff)
		}
		return nil
	}
}

// Providers makes the provider, anew for every command of Terraform.
func (w *world) Providers() acctest.Factories {
	return acctest.Factories{"iam": func() (tfprotov6.ProviderServer, error) {
		return providerserver.NewProtocol6WithError(&host{w})()
	}}
}

// host is a provider for a world: it waits by the world's clock.
type host struct{ world *world }

func (h *host) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "iam"
}

func (h *host) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (h *host) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData = &entity.Connections{CDF: entity.NewConnection(h.open)}
}

func (h *host) open() (*snapshot.CDF, error) {
	environment := h.world.Environment()
	config := cdfapi.Config{HTTP: httpapi.Options{MaxRetries: 3, Now: h.world.read, Sleep: h.world.sleep}}
	if client := h.world.client; client != nil {
		config.ClientID, config.ClientSecret = client[0], client[1]
	}
	client, err := cdfapi.New(cdfapi.ConfigFromEnvironment(config, cdfapi.Environment{Getenv: func(name string) string { return environment[name] }}))
	if err != nil {
		return nil, err
	}
	return snapshot.NewCDF(client, snapshot.WithClock(h.world.read, h.world.sleep)), nil
}

func (h *host) Resources(context.Context) []func() resource.Resource { return cdf.Resources() }

func (h *host) DataSources(context.Context) []func() datasource.DataSource { return nil }
