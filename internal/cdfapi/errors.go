// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Lists of objects in an error body.
const (
	missingList    = "missing"
	duplicatedList = "duplicated"
)

// maxNamed is how many objects of such a list are named in a message.
const maxNamed = 20

// IsNotFound says that an object that the call was about does not exist: a 404 of
// the API itself, or a refusal that names objects as missing. A 404 from something
// on the way says nothing about the object.
func IsNotFound(err error) bool {
	failed, ok := errors.AsType[*httpapi.Error](err)
	if !ok {
		return false
	}
	switch failed.Status {
	case http.StatusNotFound:
		return !failed.Foreign
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return len(failed.Details[missingList]) > 0
	}
	return false
}

// IsNotPermitted says that the server knows the caller, who lacks a capability.
func IsNotPermitted(err error) bool {
	return httpapi.StatusOf(err) == http.StatusForbidden
}

// IsCredentialsRejected says that the server does not accept the caller's token,
// or that the identity provider does not accept the client credentials. The server
// answers a caller who is not of the project in the same way.
func IsCredentialsRejected(err error) bool {
	login, failed := errors.AsType[*LoginError](err)
	return httpapi.StatusOf(err) == http.StatusUnauthorized || failed && login.Rejected()
}

// IsDuplicated says that something of that name or id exists.
func IsDuplicated(err error) bool {
	return httpapi.StatusOf(err) == http.StatusConflict || len(detailsOf(err)[duplicatedList]) > 0
}

// MissingOf answers the objects that a refusal names as missing, each as its
// members in text, such as {"id": "5"} or {"userIdentifier": "abc"}.
func MissingOf(err error) []map[string]string {
	return detailsOf(err)[missingList]
}

func detailsOf(err error) httpapi.Details {
	if failed, ok := errors.AsType[*httpapi.Error](err); ok {
		return failed.Details
	}
	return nil
}

// errorObject is what an error body says: its member "error", or, of the
// organisation's host, the body itself.
type errorObject struct {
	Message         string            `json:"message"`
	Missing         []json.RawMessage `json:"missing"`
	Duplicated      []json.RawMessage `json:"duplicated"`
	IsAutoRetryable bool              `json:"isAutoRetryable"`
}

// readError reads the error out of a body; it is zero when there is none.
func readError(body []byte) errorObject {
	var outer struct {
		errorObject

		Error *errorObject `json:"error"`
	}
	// A member of another type leaves the rest as it is.
	_ = json.Unmarshal(body, &outer)
	if outer.Error != nil {
		return *outer.Error
	}
	return outer.errorObject
}

// errorMessage takes the server's words out of an error body, and what it names.
func errorMessage(body []byte) string {
	parts := []string{messageOf(body)}
	details := errorDetails(body)
	for _, list := range []string{missingList, duplicatedList} {
		if named := details[list]; len(named) > 0 {
			parts = append(parts, list+": "+describe(named))
		}
	}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "; ")
}

// messageOf reads the message, which may also be the whole error or the whole body.
func messageOf(body []byte) string {
	var text string
	if json.Unmarshal(body, &text) == nil {
		return text
	}
	var outer struct {
		Error json.RawMessage `json:"error"`
	}
	_ = json.Unmarshal(body, &outer)
	_ = json.Unmarshal(outer.Error, &text)
	return cmp.Or(text, readError(body).Message)
}

// errorDetails takes out of an error body the objects that it names as missing or
// duplicated.
func errorDetails(body []byte) httpapi.Details {
	found := readError(body)
	details := httpapi.Details{}
	for list, objects := range map[string][]json.RawMessage{missingList: found.Missing, duplicatedList: found.Duplicated} {
		for _, object := range objects {
			details[list] = append(details[list], members(object))
		}
	}
	if len(details) == 0 {
		return nil
	}
	return details
}

// members answers the members of an object as text. What is no object is one
// member, "value".
func members(data json.RawMessage) map[string]string {
	var object map[string]json.RawMessage
	if json.Unmarshal(data, &object) != nil || object == nil {
		object = map[string]json.RawMessage{"value": data}
	}
	named := make(map[string]string, len(object))
	for name, value := range object {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value) // a number keeps all its digits
		}
		named[name] = text
	}
	return named
}

// describe names objects by their members.
func describe(objects []map[string]string) string {
	var names []string
	for i, object := range objects {
		if i == maxNamed {
			names = append(names, fmt.Sprintf("and %d more", len(objects)-i))
			break
		}
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(object)) {
			value := object[name]
			if _, err := strconv.ParseInt(value, 10, 64); err != nil {
				value = strconv.Quote(value)
			}
			parts = append(parts, name+" "+value)
		}
		names = append(names, strings.Join(parts, " "))
	}
	return strings.Join(names, ", ")
}

// autoRetryable is the header that marks an answer as one to ask again after.
const autoRetryable = "Cdf-Is-Auto-Retryable"

// isRetryable says whether a refused request may succeed later: after 408, which
// means that the server did not get all of it, and when the server says so.
func isRetryable(status int, header http.Header, body []byte) bool {
	marked, _ := strconv.ParseBool(header.Get(autoRetryable))
	return status == http.StatusRequestTimeout || marked || readError(body).IsAutoRetryable
}
