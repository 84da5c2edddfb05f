// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package lakefsapi is a client of the lakeFS auth API: users, groups, policies,
// credentials, and what belongs to them.
//
// There is one method per operation of the API document (api/swagger.yml of
// lakeFS, tags auth, external and internal), named as its operationId, and two
// for the password operations that lakeFS had up to v0.97. The one that is left
// out, oauthCallback, is where an identity provider redirects a browser to.
//
// Every error is or wraps an [httpapi.Error]; ask it with [IsNotFound] and its
// siblings, or with [httpapi.OutcomeUnknown] whether a write may have happened.
package lakefsapi

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// apiPath is where lakeFS serves its API below the server's own URL.
const apiPath = "/api/v1"

// Config says which server to speak to and as whom. It prints itself without
// its secrets.
type Config struct {
	// Endpoint is the server's URL, with or without /api/v1.
	Endpoint string
	// AccessKeyID and SecretAccessKey are the caller's key pair.
	AccessKeyID, SecretAccessKey string
	// Token is a login token, to be used instead of a key pair.
	Token string
	// HTTP configures how requests are sent.
	HTTP httpapi.Options
}

// Client calls one lakeFS server as one user. It is safe for concurrent use.
type Client struct {
	http        *httpapi.Client
	accessKeyID string
	// own answers the key pair. It is a function so that no way of printing a client
	// shows the secret.
	own func() (LoginInformation, bool)
}

// New checks the configuration and makes a Client. It does no network I/O.
func New(config Config) (*Client, error) {
	if err := checkCredentials(config); err != nil {
		return nil, err
	}
	authorization := "Bearer " + config.Token
	if config.Token == "" {
		pair := config.AccessKeyID + ":" + config.SecretAccessKey
		authorization = "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))
	}
	_, encoded, _ := strings.Cut(authorization, " ")
	secrets := []string{config.SecretAccessKey, config.Token, encoded}
	client, err := httpapi.New(httpapi.Config{
		BaseURL: baseURL(config.Endpoint),
		Authorize: func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", authorization)
			return nil
		},
		Secrets:      func() []string { return secrets },
		ErrorMessage: errorMessage,
		Options:      config.HTTP,
	})
	if err != nil {
		return nil, fmt.Errorf("lakeFS endpoint: %w", err)
	}
	own := func() (LoginInformation, bool) {
		return LoginInformation{AccessKeyID: config.AccessKeyID, SecretAccessKey: config.SecretAccessKey}, config.Token == ""
	}
	return &Client{http: client, accessKeyID: config.AccessKeyID, own: own}, nil
}

// Endpoint answers the server's URL without /api/v1 and without a trailing slash.
func (c *Client) Endpoint() string {
	return strings.TrimSuffix(c.http.BaseURL(), apiPath)
}

// AccessKeyID answers the id of the key that requests are signed with, "" with a token.
func (c *Client) AccessKeyID() string { return c.accessKeyID }

// AwaitRetry waits until an operation that failed with err may be done again by a
// caller that has found out that it was not carried out. See
// [httpapi.Client.AwaitRetry] for the context that it answers and for its errors.
func (c *Client) AwaitRetry(ctx context.Context, err error) (context.Context, error) {
	return c.http.AwaitRetry(ctx, err)
}

func checkCredentials(config Config) error {
	switch {
	case config.Endpoint == "":
		return errors.New("no lakeFS endpoint is set")
	case config.Token != "" && (config.AccessKeyID != "" || config.SecretAccessKey != ""):
		return errors.New("both a lakeFS token and a key pair are set: use one of them")
	case config.Token != "":
		return checkHeaderValue("token", config.Token)
	case config.AccessKeyID == "" && config.SecretAccessKey == "":
		return errors.New("no lakeFS credentials are set: an access key id and a secret access key, or a token")
	case config.AccessKeyID == "":
		return errors.New("a lakeFS secret access key is set, but no access key id")
	case config.SecretAccessKey == "":
		return errors.New("a lakeFS access key id is set, but no secret access key")
	case strings.Contains(config.AccessKeyID, ":"):
		return errors.New("the lakeFS access key id must not contain a colon")
	}
	return nil
}

// checkHeaderValue refuses what net/http would refuse in a header, such as the
// newline of a token read from a file, which it could only report less well.
func checkHeaderValue(name, value string) error {
	if strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("the lakeFS %s holds a character that cannot be in a header, such as a space or a newline", name)
	}
	return nil
}

func baseURL(endpoint string) string {
	endpoint = strings.TrimRight(strings.TrimSpace(endpoint), "/")
	return strings.TrimRight(strings.TrimSuffix(endpoint, apiPath), "/") + apiPath
}

// errorMessage reads the two forms of an error body: an object with a message,
// and the bare string that v0.97 answers to a failed login.
func errorMessage(body []byte) string {
	var object struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &object) == nil {
		return object.Message
	}
	var text string
	if json.Unmarshal(body, &text) == nil {
		return text
	}
	return ""
}

// operation is one row of the API document, with what it does not say: whether
// sending it twice does the same as once.
type operation struct {
	id, method, path string
	idempotent       bool
	anonymous        bool
}

// arguments are what one call passes to an operation.
type arguments struct {
	path   map[string]string
	object string // for messages, when the path names none
	query  url.Values
	body   any
}

// call does an operation that answers nothing worth reading.
func (c *Client) call(ctx context.Context, op operation, args arguments) error {
	return c.http.Do(ctx, op.request(args), nil)
}

// fetch does an operation that answers a T.
func fetch[T any](ctx context.Context, c *Client, op operation, args arguments) (T, error) {
	var answer T
	if err := c.http.Do(ctx, op.request(args), &answer); err != nil {
		var none T
		return none, err
	}
	return answer, nil
}

func (op operation) request(args arguments) httpapi.Request {
	return httpapi.Request{
		Operation:    op.id,
		Method:       op.method,
		PathTemplate: op.path,
		PathParams:   args.path,
		Object:       args.object,
		Query:        args.query,
		Body:         args.body,
		Idempotent:   op.idempotent,
		Anonymous:    op.anonymous,
	}
}
