// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

var errTooLong = errors.New("the answer is longer than the limit")

// readBody reads a whole answer of at most limit bytes.
func readBody(body io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w of %d bytes", errTooLong, limit)
	}
	return data, nil
}

// decodeAnswer puts a successful answer into out and says in words why it cannot.
// It quotes nothing of the answer, which may hold a secret that was just made. Also
// an answer that nobody wants to see is checked: a proxy's HTML page with status 200
// is no success.
func decodeAnswer(response *http.Response, body []byte, out any) string {
	if len(body) == 0 && out == nil {
		return ""
	}
	if len(body) == 0 {
		return "the answer is empty where JSON was expected"
	}
	if kind := mediaType(response); !isJSON(kind) {
		return "the answer is not from the API: " + describeSize(kind, body)
	}
	if out == nil {
		return ""
	}
	if err := json.Unmarshal(body, out); err != nil {
		return "the answer is not as the API documents it: " + DescribeDecodeError(err)
	}
	return ""
}

// refusalMessage answers what the server said about a request it refused.
func (c *Client) refusalMessage(response *http.Response, body []byte, scrub func(string) string) string {
	if isRedirect(response.StatusCode) {
		return quoteForeign(describeRedirect(response), scrub, maxQuotedBody)
	}
	if len(body) == 0 {
		return ""
	}
	kind := mediaType(response)
	if isJSON(kind) {
		return quoteForeign(c.config.ErrorMessage(body), scrub, maxServerMessage)
	}
	return describeForeign(kind, body, scrub)
}

func isRedirect(status int) bool {
	return status >= 300 && status <= 399 && status != http.StatusNotModified
}

// describeRedirect names the host only: the rest may hold a token.
func describeRedirect(response *http.Response) string {
	target, err := url.Parse(response.Header.Get("Location"))
	if err != nil || target.Host == "" {
		return "redirects are not followed"
	}
	return fmt.Sprintf("redirects are not followed (to %s)", target.Host)
}

func mediaType(response *http.Response) string {
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}

func isJSON(kind string) bool {
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}

// describeForeign says what came instead of JSON with a refusal. Plain text is
// quoted, a little: lakeFS explains bad parameters so. Markup would help nobody.
// It is cut only when clean: half a secret would not be recognised.
func describeForeign(kind string, body []byte, scrub func(string) string) string {
	if kind == "text/plain" {
		return quoteForeign(strings.ToValidUTF8(string(body), ""), scrub, maxQuotedBody)
	}
	return describeSize(kind, body)
}

// describeSize says of what came only how much it is of what.
func describeSize(kind string, body []byte) string {
	if kind == "" {
		kind = "unknown type"
	}
	return fmt.Sprintf("%d bytes of %s", len(body), shorten(kind, maxQuotedBody))
}

var errNull = &ShapeError{Detail: "it is null where an object was expected"}

// ShapeError is what an UnmarshalJSON answers to JSON that is not as the API
// documents it.
type ShapeError struct {
	// Detail says what is wrong, without quoting any value.
	Detail string
}

// Error is the detail.
func (e *ShapeError) Error() string { return e.Detail }

// MissingMemberError says that a JSON object lacks a member that the API
// document requires.
type MissingMemberError struct {
	// Member is the member's name.
	Member string
}

// Error names the member.
func (e *MissingMemberError) Error() string {
	return fmt.Sprintf("the required member %q is missing", e.Member)
}

// UnmarshalObject decodes a JSON object into out, which must not have an
// UnmarshalJSON method of its own, and refuses with a *MissingMemberError one
// in which a required member is absent or null: an answer of another shape must
// not turn into zero values silently. Nor may null pass for an object.
func UnmarshalObject(data []byte, out any, required ...string) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	if members == nil {
		return errNull
	}
	for _, name := range required {
		if value, ok := members[name]; !ok || string(value) == "null" {
			return &MissingMemberError{Member: name}
		}
	}
	return json.Unmarshal(data, out)
}

// DescribeDecodeError says where decoding failed without quoting any value, as
// the errors of encoding/json do.
func DescribeDecodeError(err error) string {
	var (
		shape   *ShapeError
		missing *MissingMemberError
		syntax  *json.SyntaxError
		kind    *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &shape):
		return shape.Error()
	case errors.As(err, &missing):
		return missing.Error()
	case errors.As(err, &syntax):
		return fmt.Sprintf("invalid JSON at byte %d", syntax.Offset)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Sprintf("the member %q has the wrong type", kind.Field)
	case errors.As(err, &kind):
		return "a value has the wrong type"
	}
	return "a value cannot be read"
}
