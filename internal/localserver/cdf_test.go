// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package localserver_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// askCDF sends a request with a token of the caller.
func askCDF(t *testing.T, server *localserver.Server, caller, method, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	token, err := server.CDFToken(caller)
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+token)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	return recorder
}

// The path of a request tells which half answers it, and each asks for its own
// credentials.
func TestPathsDecideTheHalf(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{PageSize: 1, CDF: cdf.Options{Project: "acme"}})
	const groups = "/api/v1/projects/acme/groups"
	got := []int{
		askCDF(t, server, server.ClientID(), http.MethodGet, groups, "").Code,
		ask(t, server, http.MethodGet, "/projects/acme/groups", "").Code,
		ask(t, server, http.MethodGet, "/auth/groups", "").Code,
		askCDF(t, server, server.ClientID(), http.MethodGet, "/api/v1/auth/groups", "").Code,
	}
	if diff := cmp.Diff([]int{200, 401, 200, 401}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if body := askCDF(t, server, server.ClientID(), http.MethodGet, "/api/v1/projects/acme/profiles", "").Body.String(); !strings.Contains(body, "nextCursor") {
		t.Errorf("the page size does not reach CDF: %s", body)
	}
	if diff := cmp.Diff([]string{"acme", "acme-org"}, []string{server.Project(), server.Organization()}); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// A seed holds objects of both halves. lakeFS without RBAC takes none of its own.
func TestSeedOfBothHalves(t *testing.T) {
	t.Parallel()
	const half = `"cdf": {"clients": [{"clientId": "c"}], "groups": [{"name": "g", "members": ["c"]}]}`
	both := newServer(t, localserver.Options{Seed: strings.NewReader(`{"users": [{"id": "u"}], ` + half + `}`)})
	alone := newServer(t, localserver.Options{RBAC: "none", Seed: strings.NewReader(`{` + half + `}`)})
	got := []int{
		ask(t, both, http.MethodGet, "/auth/users/u", "").Code,
		askCDF(t, both, "c", http.MethodGet, "/api/v1/projects/local/groups", "").Code,
		askCDF(t, alone, "c", http.MethodGet, "/api/v1/projects/local/groups", "").Code,
	}
	if diff := cmp.Diff([]int{200, 200, 200}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

// What tests add holds at once.
func TestAdditionsToCDF(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{CDF: cdf.Options{CapabilityDelay: time.Hour}})
	if err := server.AddCDFClient(cdf.Client{ID: "c", SourceIDs: []string{"s"}}); err != nil {
		t.Fatal(err)
	}
	if err := server.AddCDFUser(cdf.User{ID: "u"}); err != nil {
		t.Fatal(err)
	}
	id, err := server.AddCDFGroup([]byte(`{"name":"g","sourceId":"s","members":["u"]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, caller := range []string{"c", "u"} {
		body := askCDF(t, server, caller, http.MethodGet, "/api/v1/projects/local/groups", "").Body.String()
		if !strings.Contains(body, strconv.FormatInt(id, 10)) {
			t.Errorf("%s is not in the group: %s", caller, body)
		}
	}
	if err := server.SetCDFSessionStatus(id, "ACTIVE"); err == nil {
		t.Error("a group is no session, but there is no error")
	}
}

func TestLogHoldsNoSecretsOfCDF(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	server := newServer(t, localserver.Options{
		Log: slog.New(slog.NewTextHandler(&text, nil)), CDF: cdf.Options{ClientID: "me", ClientSecret: "s3cr3t"},
	})
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"me"}, "client_secret": {"s3cr3t"}}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/oauth2/token?client_secret=s3cr3t", strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	token := secretIn(t, recorder, "access_token")
	created := askCDF(t, server, "me", http.MethodPost, "/api/v1/projects/local/sessions", `{"items":[{"clientId":"me","clientSecret":"s3cr3t"}]}`)
	_, rest, _ := strings.Cut(created.Body.String(), `"nonce":"`)
	nonce, _, found := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("no nonce: %s", created.Body)
	}
	for _, secret := range []string{"s3cr3t", token, nonce, "Bearer"} {
		if strings.Contains(text.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(text.String(), "path=/api/v1/projects/local/sessions status=200") {
		t.Errorf("the request is not in the log: %s", &text)
	}
}
