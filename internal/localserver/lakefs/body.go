// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxBody is the largest request body that is read, in bytes. lakeFS itself has
// no such limit; policies of some megabytes are known to be in use.
const maxBody = 32 << 20

// bodySpec says what an operation takes as its body. Operations without one
// ignore whatever is sent.
type bodySpec struct {
	schema   string
	required bool
	// into selects the part of input that the body is decoded into.
	into func(*input) any
	// older replaces it in the older version, which takes fewer members.
	older func(*input) any
}

// input holds the decoded body of a request; each operation uses one part.
type input struct {
	user     userInput
	group    groupInput
	policy   policyInput
	acl      aclInput
	login    loginInput
	setup    setupInput
	external externalInput
	exLogin  externalLoginInput
	sts      stsInput
	forgot   forgotInput
	password passwordInput
}

type userInput struct {
	ID         string `json:"id"`
	InviteUser bool   `json:"invite_user"`
}

type groupInput struct {
	groupID
	Description *string `json:"description"`
}

// groupID is all that the older version takes to make a group.
type groupID struct {
	ID string `json:"id"`
}

type aclInput struct {
	Permission string `json:"permission"`
}

type loginInput struct {
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key"`
}

type setupInput struct {
	Username string `json:"username"`
	Key      *struct {
		AccessKeyID     string `json:"access_key_id"`
		SecretAccessKey string `json:"secret_access_key"`
	} `json:"key"`
}

type externalInput struct {
	Settings map[string]any `json:"settings"`
}

type externalLoginInput struct {
	IdentityRequest         map[string]any `json:"identityRequest"`
	TokenExpirationDuration *int           `json:"token_expiration_duration"`
}

type stsInput struct {
	Code        string `json:"code"`
	State       string `json:"state"`
	RedirectURI string `json:"redirect_uri"`
	TTLSeconds  *int64 `json:"ttl_seconds"`
}

type forgotInput struct {
	Email string `json:"email"`
}

type passwordInput struct {
	Token       string `json:"token"`
	NewPassword string `json:"newPassword"`
}

// checkBody reads the body and validates it against its schema. This happens
// before authentication, so an anonymous caller gets 400 for a bad body.
func (d *dialect) checkBody(w http.ResponseWriter, c *call) *reply {
	spec := c.operation.body
	if spec == nil {
		return nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, c.request.Body, maxBody))
	if err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return refuse(http.StatusRequestEntityTooLarge, "request body is too large")
		}
		return refuse(http.StatusBadRequest, "request body has an error: reading failed: "+err.Error())
	}
	c.body = body
	if problem := d.bodyProblem(spec, body, c.request.Header.Get("Content-Type")); problem != "" {
		return refuse(http.StatusBadRequest, "request body has an error: "+problem)
	}
	return nil
}

func (d *dialect) bodyProblem(spec *bodySpec, body []byte, contentType string) string {
	if len(body) == 0 {
		if spec.required {
			return messageMissing
		}
		return ""
	}
	if media, _, _ := strings.Cut(contentType, ";"); media != "application/json" {
		return fmt.Sprintf("header Content-Type has unexpected value %q", contentType)
	}
	value, err := d.wording.decode(body)
	if err != nil {
		return "failed to decode request body: " + err.Error()
	}
	ref := d.schemas[spec.schema]
	m := d.wording.check(ref.schema, value)
	if m == nil {
		return ""
	}
	if d.wording.namesSchema {
		return "doesn't match schema " + componentPath + ref.name + ": " + m.message(ref.secret)
	}
	return "doesn't match the schema: " + m.message(ref.secret)
}

// decode reads the first value of a body; what follows it is ignored, as lakeFS
// does.
func (w wording) decode(body []byte) (any, error) {
	var value any
	if w.floatNumbers {
		// The older version cannot hold numbers that a float64 cannot hold.
		if err := json.NewDecoder(bytes.NewReader(body)).Decode(&value); err != nil {
			return nil, err
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	err := decoder.Decode(&value)
	return value, err
}

// bindBody decodes the validated body. Unlike the validation it takes members
// in any case, the last one wins. What does not fit is answered as plain text.
func (d *dialect) bindBody(c *call) *reply {
	spec := c.operation.body
	if spec == nil || len(c.body) == 0 {
		return nil
	}
	into := spec.into
	if d.name == dialect097 && spec.older != nil {
		into = spec.older
	}
	if err := json.NewDecoder(bytes.NewReader(c.body)).Decode(into(&c.input)); err != nil {
		name := strings.ToUpper(c.operation.id[:1]) + c.operation.id[1:]
		return refuseText(fmt.Sprintf("Error unmarshalling body '%s' as JSON", name))
	}
	return nil
}
