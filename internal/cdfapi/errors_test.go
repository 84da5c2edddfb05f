// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// kinds asks an error everything.
func kinds(err error) []string {
	questions := []struct {
		name string
		is   func(error) bool
	}{
		{"not found", cdfapi.IsNotFound},
		{"duplicated", cdfapi.IsDuplicated},
		{"not permitted", cdfapi.IsNotPermitted},
		{"credentials rejected", cdfapi.IsCredentialsRejected},
	}
	var answers []string
	for _, question := range questions {
		if question.is(err) {
			answers = append(answers, question.name)
		}
	}
	return answers
}

func TestErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status  int
		body    string // HTML when it begins so
		want    []string
		message string // how the error ends
	}{
		"usual":                     {400, `{"error":{"code":400,"message":"bad"}}`, nil, "400 Bad Request: bad"},
		"bare text in an object":    {400, `{"error":"bad"}`, nil, ": bad"},
		"bare text":                 {400, `"bad"`, nil, ": bad"},
		"flat":                      {403, `{"code":403,"message":"bad"}`, []string{"not permitted"}, ": bad"},
		"flat, with null":           {400, `{"error":null,"message":"bad"}`, nil, ": bad"},
		"the status decides":        {403, `{"error":{"code":401,"message":"no"}}`, []string{"not permitted"}, "403 Forbidden: no"},
		"HTML":                      {502, "<html>bad</html>", nil, "502 Bad Gateway: 16 bytes of text/html"},
		"no message":                {400, `{"error":{"code":400}}`, nil, "400 Bad Request"},
		"a message of another type": {400, `{"error":{"message":7,"missing":[{"id":5}]}}`, []string{"not found"}, ": missing: id 5"},
		"another shape":             {400, `[1]`, nil, "400 Bad Request"},
		"no JSON":                   {400, `{`, nil, "400 Bad Request"},
		"bad token":                 {401, `{"error":{"code":401,"message":"Unauthorized"}}`, []string{"credentials rejected"}, ": Unauthorized"},
		"lacks a capability":        {403, `{"error":{"code":403,"message":"no"}}`, []string{"not permitted"}, ": no"},
		"no such object":            {404, `{"error":{"code":404,"message":"no"}}`, []string{"not found"}, ": no"},
		"404 of a proxy":            {404, "<html>no such site</html>", nil, "bytes of text/html"},
		"taken":                     {409, `{"error":{"code":409,"message":"no"}}`, []string{"duplicated"}, ": no"},
		"taken, named": {
			409, `{"error":{"code":409,"message":"taken","duplicated":[{"name":"foo"}]}}`, []string{"duplicated"}, `: taken; duplicated: name "foo"`,
		},
		"duplicated":         {400, `{"error":{"code":400,"message":"twice","duplicated":[{"name":"foo"}]}}`, []string{"duplicated"}, `: twice; duplicated: name "foo"`},
		"missing":            {400, `{"error":{"code":400,"message":"gone","missing":[{"id":5},{"id":6}]}}`, []string{"not found"}, ": gone; missing: id 5, id 6"},
		"missing, 422":       {422, `{"error":{"code":422,"message":"gone","missing":[{"userIdentifier":"u"}]}}`, []string{"not found"}, `: gone; missing: userIdentifier "u"`},
		"missing, flat":      {400, `{"code":400,"message":"gone","missing":[{"externalId":"x"}]}`, []string{"not found"}, `: gone; missing: externalId "x"`},
		"missing, forbidden": {403, `{"error":{"message":"no","missing":[{"id":5}]}}`, []string{"not permitted"}, ": no; missing: id 5"},
		"missing and duplicated": {
			400, `{"error":{"message":"no","duplicated":[{"name":"foo"}],"missing":[{"id":5,"name":"x"}]}}`,
			[]string{"not found", "duplicated"}, `: no; missing: id 5 name "x"; duplicated: name "foo"`,
		},
		"missing, no message":       {400, `{"error":{"missing":[{"id":5}]}}`, []string{"not found"}, "400 Bad Request: missing: id 5"},
		"missing, bare":             {400, `{"error":{"message":"no","missing":[5,"x",null]}}`, []string{"not found"}, `: no; missing: value 5, value "x", value ""`},
		"missing, a large id":       {400, `{"error":{"message":"no","missing":[{"id":9007199254740993}]}}`, []string{"not found"}, ": no; missing: id 9007199254740993"},
		"missing, of another shape": {400, `{"error":{"message":"no","missing":{"id":5}}}`, nil, ": no"},
		"broken":                    {500, `{"error":{"code":500,"message":"oops"}}`, nil, "500 Internal Server Error: oops"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				if test.body[0] == '<' {
					w.Header().Set("Content-Type", "text/html")
					w.WriteHeader(test.status)
					_, _ = w.Write([]byte(test.body))
					return
				}
				writeJSON(w, test.status, test.body)
			}, httpapi.Options{})
			err := client.DeleteGroups(t.Context(), 5)
			if diff := cmp.Diff(test.want, kinds(err)); diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if !strings.HasSuffix(err.Error(), test.message) {
				t.Errorf("error %q, want one that ends in %q", err, test.message)
			}
		})
	}
	for _, err := range []error{errors.New("other"), nil} {
		if got := kinds(err); got != nil || cdfapi.MissingOf(err) != nil {
			t.Errorf("%v is %q, missing %v", err, got, cdfapi.MissingOf(err))
		}
	}
}

func TestMissingOf(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusBadRequest, `{"error":{"message":"gone","missing":[{"id":9007199254740993},{"name":"x","of":{"a":1}}]}}`)
	}, httpapi.Options{})
	err := fmt.Errorf("more: %w", client.DeleteGroups(t.Context(), 5))
	want := []map[string]string{{"id": "9007199254740993"}, {"name": "x", "of": `{"a":1}`}}
	if diff := cmp.Diff(want, cdfapi.MissingOf(err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestManyMissing are not all named.
func TestManyMissing(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusBadRequest, `{"error":{"message":"gone","missing":[`+strings.Repeat(`{"id":5},`, 999)+`{"id":6}]}}`)
	}, httpapi.Options{})
	err := client.DeleteGroups(t.Context(), 5)
	if !strings.HasSuffix(err.Error(), "id 5, and 980 more") || len(cdfapi.MissingOf(err)) != 1000 {
		t.Errorf("%d missing, error %v", len(cdfapi.MissingOf(err)), err)
	}
}
