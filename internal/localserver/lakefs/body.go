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
}

// input holds the decoded body of a request; each operation uses one part.
type input struct {
	user     userInput
	group    groupInput
	policy   policyInput
	acl      aclInput
	login    loginInput
	setup    struct{}
	external struct{}
	forgot   forgotInput
	password passwordInput
}

type userInput struct {
	ID         string `json:"id"`
	InviteUser bool   `json:"invite_user"`
}

type groupInput struct {
	ID          string  `json:"id"`
	Description *string `json:"description"`
}

type aclInput struct {
	Permission string `json:"permission"`
}

type loginInput struct {
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key"`
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
	var value any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	// Decode stops behind the first value: what follows is ignored, as lakeFS does.
	if err := decoder.Decode(&value); err != nil {
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

// bindBody decodes the validated body. Unlike the validation it takes members
// in any case, the last one wins.
func bindBody(c *call) *reply {
	spec := c.operation.body
	if spec == nil || len(c.body) == 0 {
		return nil
	}
	if err := json.NewDecoder(bytes.NewReader(c.body)).Decode(spec.into(&c.input)); err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	return nil
}
