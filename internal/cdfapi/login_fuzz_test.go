// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// tokenAnswer is a transport whose token endpoint answers everything alike, and whose
// API accepts every token.
type tokenAnswer struct {
	status int
	header http.Header
	body   []byte
}

func (a tokenAnswer) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/token") {
		return &http.Response{StatusCode: a.status, Header: a.header.Clone(), Body: io.NopCloser(bytes.NewReader(a.body)), Request: r}, nil
	}
	return answering{http.StatusOK, []byte(inspectionJSON)}.RoundTrip(r)
}

// maxMessage is the longest that an error may be, in bytes.
const maxMessage = 4000

// FuzzTokenAnswers feeds arbitrary answers of an identity provider: none may crash the
// client, none makes a message without end, and none has a message show the client's
// secret.
func FuzzTokenAnswers(f *testing.F) {
	for _, body := range []string{
		`{"access_token":"t","expires_in":3600}`, `{"access_token":"t","expires_in":"3600"}`, `{"access_token":"","expires_in":1e400}`,
		`{"error":"invalid_client","error_description":"` + testSecret + `"}`, `{"error":7}`, `access_token=t&expires_in=3600`, `error=x`, `[]`, `null`, "", "<html>",
		`{"error":"x","error_description":"` + strings.Repeat("long ", 2000) + `"}`,
	} {
		f.Add("application/json", "1", 200, []byte(body))
		f.Add("application/x-www-form-urlencoded", "", 401, []byte(body))
		f.Add("", "Wed, 21 Oct 2065 07:28:00 GMT", 503, []byte(body))
	}
	f.Fuzz(func(t *testing.T, contentType, retryAfter string, status int, body []byte) {
		status = 200 + max(status, -status)%400
		client := connect(t, cdfapi.Config{
			Cluster: "api", Project: testProject, ClientID: testClientID, ClientSecret: testSecret, TokenURL: "https://idp.example.com/token",
			HTTP: httpapi.Options{Transport: tokenAnswer{status, http.Header{"Content-Type": {contentType}, "Retry-After": {retryAfter}}, body}},
		})
		_, err := client.InspectToken(t.Context())
		switch {
		case err == nil && (status > 299 || len(body) == 0):
			t.Errorf("status %d with %q passed for a token", status, body)
		case err != nil && len(err.Error()) > maxMessage:
			t.Errorf("an error of %d bytes", len(err.Error()))
		case err != nil && strings.Contains(err.Error(), testSecret):
			t.Errorf("the error shows the secret: %v", err)
		}
	})
}
