// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"errors"
	"net/http"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Parts of the messages by which lakeFS tells apart what it answers with
// one status.
const (
	notPermittedMessage = "insufficient permissions"
	// lakeFS wraps the 501 of the auth server behind it into a 500.
	wrappedNotImplementedMessage = "unexpected status code - got 501"
	// noACLMessage ends the messages about a group with other policies.
	noACLMessage = "no ACL"
	// noRouteMessage comes with 404 since v1.0 and with 500 before.
	noRouteMessage = "invalid API endpoint"
)

// IsNotFound says that lakeFS answered 404 for an object. It is false for a 404
// from anything else, such as a proxy or a route that this lakeFS does not have:
// those say nothing about the object. See also [IsNoACL].
func IsNotFound(err error) bool {
	apiErr, ok := errors.AsType[*httpapi.Error](err)
	return ok && apiErr.Status == http.StatusNotFound && !apiErr.Foreign &&
		apiErr.Message != "" && apiErr.Message != noRouteMessage
}

// IsAlreadyExists says that the server answered 409. A server with basic auth
// answers it to every creation of a user.
func IsAlreadyExists(err error) bool {
	return httpapi.StatusOf(err) == http.StatusConflict
}

// IsNotPermitted says that the server knows the caller and refuses what it asks
// for: lakeFS answers 401 for that too, never 403.
func IsNotPermitted(err error) bool {
	return httpapi.StatusOf(err) == http.StatusUnauthorized && messageBegins(err, notPermittedMessage)
}

// IsCredentialsRejected says that the server does not accept the credentials.
func IsCredentialsRejected(err error) bool {
	return httpapi.StatusOf(err) == http.StatusUnauthorized && !messageBegins(err, notPermittedMessage)
}

// IsNotImplemented says that the server, or the auth server behind it, does not
// have the operation: a lakeFS with basic auth has hardly any, and each version
// lacks some.
func IsNotImplemented(err error) bool {
	return httpapi.StatusOf(err) == http.StatusNotImplemented ||
		messageBegins(err, wrappedNotImplementedMessage) || messageBegins(err, noRouteMessage)
}

// IsNoACL says that a group has policies that are not those of one access control
// list. It is a 404, too, but not one of the group.
func IsNoACL(err error) bool {
	apiErr, ok := errors.AsType[*httpapi.Error](err)
	return ok && apiErr.Status == http.StatusNotFound && strings.HasSuffix(apiErr.Message, noACLMessage)
}

// IsNotAuthenticated says that the server took the caller for anonymous: GET
// /user answered a user without id.
func IsNotAuthenticated(err error) bool {
	return errors.Is(err, errNotAuthenticated)
}

func messageBegins(err error, beginning string) bool {
	apiErr, ok := errors.AsType[*httpapi.Error](err)
	return ok && strings.HasPrefix(apiErr.Message, beginning)
}
