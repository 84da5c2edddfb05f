// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"cmp"
	"encoding/json"
	"net/http"
)

// reply is an answer of the server before it is written: a body, sent as JSON, or
// a problem, whose form depends on the API.
type reply struct {
	status  int
	body    any
	problem *problem
	header  map[string]string
}

// problem is why a request fails.
type problem struct {
	Code       int    `json:"code"`
	Message    string `json:"message"`
	Missing    []any  `json:"missing,omitempty"`
	Duplicated []any  `json:"duplicated,omitempty"`
	// oauth is the code of the error at the token endpoint; empty means that the
	// request is not valid.
	oauth string
}

// errorForm is how an API words its errors.
type errorForm int

const (
	// nested is the form of the API of a cluster: {"error": {…}}.
	nested errorForm = iota
	// flat is the form of the organisation API: code and message alone.
	flat
	// oauth is that of RFC 6749.
	oauth
)

func answer(body any) reply {
	return reply{status: http.StatusOK, body: body}
}

// list answers the items of an operation without pages.
func list[T any](items []T) reply {
	return answer(listJSON[T]{Items: orEmpty(items)})
}

// orEmpty makes JSON of no items an empty list.
func orEmpty[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

func fail(status int, message string) reply {
	return reply{status: status, problem: &problem{Code: status, Message: message}}
}

// refuse is fail for checks, which answer nil when all is well.
func refuse(status int, message string) *reply {
	return new(fail(status, message))
}

// failMissing names the objects that a request needs and that do not exist. The
// whole request fails with one of them.
func failMissing(message string, missing []any) reply {
	r := fail(http.StatusBadRequest, message)
	r.problem.Missing = missing
	return r
}

// send writes the answer.
func (r reply) send(w http.ResponseWriter, form errorForm) {
	body := r.body
	switch {
	case r.problem == nil:
	case form == flat:
		body = problem{Code: r.problem.Code, Message: r.problem.Message}
	case form == oauth:
		body = map[string]string{"error": cmp.Or(r.problem.oauth, invalidRequest), "error_description": r.problem.Message}
	default:
		body = map[string]any{"error": r.problem}
	}
	for name, value := range r.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(r.status)
	// A failed write means that the client is gone: nobody is left to tell.
	_ = json.NewEncoder(w).Encode(body)
}
