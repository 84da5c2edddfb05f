// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"encoding/json"
	"errors"
	"net/http"
)

// Messages that several operations share.
const (
	messageUnauthenticated = "error authenticating request"
	messageNotImplemented  = "Not Implemented"
	messageMissing         = "value is required but missing"
	messageInternal        = "internal server error"
)

// reply is an answer of the server before it is written. At most one of body
// (sent as JSON) and text (sent as plain text) is set.
type reply struct {
	status int
	body   any
	text   string
	cookie *http.Cookie
}

// errorJSON is the body of every error, apart from a few that are plain text.
type errorJSON struct {
	Message string `json:"message"`
	// NoACL is set when a group has policies that are no ACL.
	NoACL bool `json:"no_acl,omitempty"`
}

func fail(status int, message string) reply {
	return reply{status: status, body: errorJSON{Message: message}}
}

// refuse is fail for checks, which answer nil when all is well.
func refuse(status int, message string) *reply {
	return new(fail(status, message))
}

func answer(status int, body any) reply {
	return reply{status: status, body: body}
}

func empty(status int) reply {
	return reply{status: status}
}

// send writes the answer.
func (r reply) send(w http.ResponseWriter) {
	if r.cookie != nil {
		http.SetCookie(w, r.cookie)
	}
	if r.text != "" {
		http.Error(w, r.text, r.status)
		return
	}
	if r.body == nil {
		w.WriteHeader(r.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(r.status)
	// A failed write means that the client is gone: nobody is left to tell.
	_ = json.NewEncoder(w).Encode(r.body)
}

// storeFailure turns an error of the store into an answer. What is missing is
// named by the older version only.
func (s *Server) storeFailure(err error) reply {
	missing, _ := errors.AsType[missingError](err)
	switch {
	case errors.Is(err, errExists):
		return fail(http.StatusConflict, "Already exists")
	case errors.Is(err, errNoKey):
		return fail(http.StatusNotFound, "credentials not found")
	case s.dialect.explains || errors.Is(err, errNoUpdate):
		return fail(http.StatusNotFound, "not found")
	}
	return fail(http.StatusNotFound, missing.id+": not found")
}

// invalid answers a value that the store refuses. Behind an auth server the
// reason is lost.
func (s *Server) invalid(err error) *reply {
	if s.dialect.behindAuthServer {
		return refuse(http.StatusBadRequest, "invalid request")
	}
	return refuse(http.StatusBadRequest, err.Error())
}

// done answers a write without a body, or its error.
func (s *Server) done(status int, err error) reply {
	if err != nil {
		return s.storeFailure(err)
	}
	return empty(status)
}
