// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// kinds asks an error everything.
func kinds(err error) []string {
	questions := []struct {
		name string
		is   func(error) bool
	}{
		{"not found", lakefsapi.IsNotFound},
		{"already exists", lakefsapi.IsAlreadyExists},
		{"not permitted", lakefsapi.IsNotPermitted},
		{"credentials rejected", lakefsapi.IsCredentialsRejected},
		{"not implemented", lakefsapi.IsNotImplemented},
		{"not authenticated", lakefsapi.IsNotAuthenticated},
		{"no ACL", lakefsapi.IsNoACL},
	}
	var answers []string
	for _, question := range questions {
		if question.is(err) {
			answers = append(answers, question.name)
		}
	}
	return answers
}

func TestErrorKinds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		body   string // HTML when it begins so
		want   []string
	}{
		"no such user":              {404, `{"message":"user not found"}`, []string{"not found"}},
		"no such route":             {404, `{"message":"invalid API endpoint"}`, []string{"not implemented"}},
		"no such route in 0.97":     {500, `{"message":"invalid API endpoint"}`, []string{"not implemented"}},
		"404 of a proxy":            {404, "<html>no such site</html>", nil},
		"404 without a word":        {404, "", nil},
		"many policies":             {404, `{"message":"Multiple policies attached to group - no ACL","no_acl":true}`, []string{"not found", "no ACL"}},
		"a policy of its own":       {404, `{"message":"Policy attached to group has no ACL","no_acl":true}`, []string{"not found", "no ACL"}},
		"taken":                     {409, `{"message":"Already exists"}`, []string{"already exists"}},
		"not permitted in 0.97":     {401, `{"message":"insufficient permissions"}`, []string{"not permitted"}},
		"not permitted":             {401, `{"message":"insufficient permissions: not allowed to auth:ReadUser"}`, []string{"not permitted"}},
		"wrong key":                 {401, `{"message":"error authenticating request"}`, []string{"credentials rejected"}},
		"wrong key at 0.97's login": {401, `"Unauthorized"`, []string{"credentials rejected"}},
		"not implemented":           {501, `{"message":"Not Implemented"}`, []string{"not implemented"}},
		"not implemented behind":    {500, `{"message":"unexpected status code - got 501 expected 204"}`, []string{"not implemented"}},
		"broken":                    {500, `{"message":"internal server error"}`, nil},
		"message of another type":   {500, `{"message":7}`, nil},
		"forbidden":                 {403, `{"message":"insufficient permissions"}`, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				if test.body != "" && test.body[0] == '<' {
					w.Header().Set("Content-Type", "text/html")
					w.WriteHeader(test.status)
					_, _ = w.Write([]byte(test.body))
					return
				}
				writeJSON(w, test.status, test.body)
			}, httpapi.Options{})
			_, err := client.GetUser(t.Context(), "u1")
			if diff := cmp.Diff(test.want, kinds(err)); diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	if got := kinds(errors.New("other")); got != nil {
		t.Errorf("another error is %q", got)
	}
	if got := kinds(nil); got != nil {
		t.Errorf("no error is %q", got)
	}
}

func TestAnonymousCaller(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, `{"user":{"creation_date":0,"id":""}}`)
	}, httpapi.Options{})
	user, err := client.GetCurrentUser(t.Context())
	if diff := cmp.Diff([]string{"not authenticated"}, kinds(err)); diff != "" || user != (lakefsapi.User{}) {
		t.Errorf("user %+v, error %v (-want +got):\n%s", user, err, diff)
	}
}
