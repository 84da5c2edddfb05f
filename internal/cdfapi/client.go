// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package cdfapi is a client of the IAM API of Cognite Data Fusion: groups,
// security categories, sessions, user profiles, the project, the caller's token,
// and the principals of an organisation.
//
// There is one method per operation. The principals are served by another host
// than the rest, for a whole organisation instead of a project. The client logs in
// with a token or with OAuth client credentials; with these it gets another token when
// the server rejects the one that it has.
//
// Every error of a call is or wraps an [httpapi.Error]; ask it with [IsNotFound]
// and its siblings, or with [httpapi.OutcomeUnknown] whether a write may have
// happened. What makes an object is never sent again when that is in doubt: names
// are not unique, so a second try would make a second one.
package cdfapi

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// apiPath is where both hosts serve their API below their own URL.
const apiPath = "/api/v1"

// apiVersion is the version of the API that the client is written for.
const apiVersion = "20230101"

// DefaultOrganizationURL serves the principals of every organisation.
const DefaultOrganizationURL = "https://auth.cognite.com"

// Client calls the API for one project as one caller. It is safe for concurrent
// use.
type Client struct {
	cluster, organization *httpapi.Client
	project               string
	credentials           credentials
	// own answers the client credentials. It is a function so that no way of
	// printing a Client reaches them.
	own func() (SessionCredentials, bool)
}

// New checks the configuration and makes a Client. It does no network I/O.
func New(config Config) (*Client, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	transport, err := httpapi.NewTransport(config.HTTP)
	if err != nil {
		return nil, err
	}
	config.HTTP.Transport = transport // one pool for all hosts
	credentials := newCredentials(config)
	client := &Client{project: config.Project, credentials: credentials, own: func() (SessionCredentials, bool) {
		return SessionCredentials{ClientID: config.ClientID, ClientSecret: config.ClientSecret}, config.Token == ""
	}}
	if client.cluster, err = newHost(config.baseURL(), config.HTTP, credentials); err != nil {
		return nil, err
	}
	if client.organization, err = newHost(config.organizationURL(), config.HTTP, credentials); err != nil {
		return nil, err
	}
	return client, nil
}

func newHost(baseURL string, options httpapi.Options, credentials credentials) (*httpapi.Client, error) {
	return httpapi.New(httpapi.Config{
		BaseURL:          withAPIPath(baseURL),
		Authorize:        credentials.authorize,
		Secrets:          credentials.secrets,
		ErrorMessage:     errorMessage,
		ErrorDetails:     errorDetails,
		Retryable:        isRetryable,
		Header:           http.Header{"Cdf-Version": {apiVersion}, "X-Cdp-App": {"terraform-provider-iam"}},
		CompressRequests: true,
		Options:          options,
	})
}

func withAPIPath(baseURL string) string {
	baseURL = strings.TrimRight(strings.TrimSpace(baseURL), "/")
	return strings.TrimRight(strings.TrimSuffix(baseURL, apiPath), "/") + apiPath
}

// BaseURL answers the cluster's URL without /api/v1 and without a trailing slash.
func (c *Client) BaseURL() string {
	return strings.TrimSuffix(c.cluster.BaseURL(), apiPath)
}

// Project answers the project that the client works in.
func (c *Client) Project() string {
	return c.project
}

// AwaitRetry waits until an operation that failed with err may be done again by a
// caller that has found out that it was not carried out. See
// [httpapi.Client.AwaitRetry] for the context that it answers and for its errors.
func (c *Client) AwaitRetry(ctx context.Context, err error) (context.Context, error) {
	return c.cluster.AwaitRetry(ctx, err)
}

// operation is one operation of the API, with what its path does not say: whether
// sending it twice does the same as once.
type operation struct {
	id, method, path string
	idempotent       bool
	// page is the largest page that a list operation gives.
	page int
}

// ofOrganization says that the organisation's host serves the operation.
func (op operation) ofOrganization() bool {
	return strings.HasPrefix(op.path, "/principals/") || strings.HasPrefix(op.path, "/orgs/")
}

// arguments are what one call passes to an operation.
type arguments struct {
	organization string // of the path, for those that have it
	object       string // what the call is about, for messages
	query        url.Values
	body         any
}

// call does an operation that answers nothing worth reading.
func (c *Client) call(ctx context.Context, op operation, args arguments) error {
	return c.do(ctx, op, args, nil)
}

// fetch does an operation that answers a T.
func fetch[T any](ctx context.Context, c *Client, op operation, args arguments) (T, error) {
	var answer T
	if err := c.do(ctx, op, args, &answer); err != nil {
		var none T
		return none, err
	}
	return answer, nil
}

func (c *Client) do(ctx context.Context, op operation, args arguments, out any) error {
	host := c.cluster
	if op.ofOrganization() {
		host = c.organization
	}
	params := map[string]string{}
	if strings.Contains(op.path, "{project}") {
		params["project"] = c.project
	}
	if strings.Contains(op.path, "{organization}") {
		params["organization"] = args.organization
	}
	request := httpapi.Request{
		Operation:    op.id,
		Method:       op.method,
		PathTemplate: op.path,
		PathParams:   params,
		Object:       args.object,
		Query:        args.query,
		Body:         args.body,
		Idempotent:   op.idempotent,
	}
	return c.credentials.send(ctx, func(ctx context.Context) error { return host.Do(ctx, request, out) })
}
