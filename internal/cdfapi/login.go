// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

const (
	// refreshEarly is how long before its end a token is replaced.
	refreshEarly = 30 * time.Second
	// maxKnownTokens is how many tokens are remembered to keep them out of
	// messages: more than requests can be on their way.
	maxKnownTokens = 64
)

// login exchanges client credentials for access tokens. The package
// clientcredentials does the exchange; when it is due is decided here, by the
// client's own clock and with the context of the request that needs the token,
// neither of which its TokenSource knows.
type login struct {
	oauth   clientcredentials.Config
	options httpapi.Options
	client  *http.Client
	fixed   []string // secrets beside the tokens

	mu      sync.Mutex // guards all below
	current accessToken
	running *exchange
	known   []string // tokens, latest last
}

// accessToken is a token and when to replace it.
type accessToken struct {
	value string
	until time.Time
}

// exchange is one request for a token, which everybody waits for who needs one.
type exchange struct {
	done  chan struct{} // closed when the fields below are set
	token accessToken
	err   error
}

func newLogin(config Config) (*login, error) {
	tokenURL, err := httpapi.CheckURL("the URL", config.tokenURL(), config.HTTP.AllowPlaintextHTTP)
	if err != nil {
		return nil, fmt.Errorf("CDF TokenURL: %w", err)
	}
	oauth := clientcredentials.Config{
		ClientID:     config.ClientID,
		ClientSecret: config.ClientSecret,
		TokenURL:     tokenURL.String(),
		Scopes:       config.scopes(),
		AuthStyle:    oauth2.AuthStyleInParams,
	}
	if config.BasicAuth {
		oauth.AuthStyle = oauth2.AuthStyleInHeader
	}
	if config.Audience != "" {
		oauth.EndpointParams = url.Values{"audience": {config.Audience}}
	}
	l := &login{oauth: oauth, options: config.HTTP}
	l.fillDefaults()
	l.client = &http.Client{
		Transport:     tokenTransport{config.HTTP.Transport, config.HTTP.UserAgent},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	// Escaped, as RFC 6749 (section 2.3.1) wants it and as it is sent, and as
	// somebody else might quote it.
	pairs := []string{config.ClientID + ":" + config.ClientSecret, url.QueryEscape(config.ClientID) + ":" + url.QueryEscape(config.ClientSecret)}
	l.fixed = []string{config.ClientSecret}
	for _, pair := range pairs {
		l.fixed = append(l.fixed, base64.StdEncoding.EncodeToString([]byte(pair)))
	}
	return l, nil
}

func (l *login) fillDefaults() {
	if l.options.Now == nil {
		l.options.Now = time.Now
	}
	if l.options.RequestTimeout == 0 {
		l.options.RequestTimeout = httpapi.DefaultRequestTimeout
	}
}

// secrets answers all that must not show in a message.
func (l *login) secrets() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Concat(l.fixed, l.known)
}

// token answers a token that is good for a while, a new one when need be. One
// request for a new one is on its way at a time; who comes meanwhile shares what
// comes of it, a failure too.
func (l *login) token(ctx context.Context) (string, error) {
	running, value := l.join(ctx)
	if running == nil {
		return value, nil
	}
	select {
	case <-running.done:
		return running.token.value, running.err
	case <-ctx.Done():
		return "", &httpapi.TemporaryError{Err: fmt.Errorf("waiting for an access token from %s: %w", l.oauth.TokenURL, ctx.Err())}
	}
}

// join answers the exchange to wait for, or the token when it is still good.
func (l *login) join(ctx context.Context) (*exchange, string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.options.Now().Before(l.current.until) {
		return nil, l.current.value
	}
	if l.running == nil {
		l.running = &exchange{done: make(chan struct{})}
		// It serves others too, so it does not end with this request.
		go l.run(context.WithoutCancel(ctx), l.running)
	}
	return l.running, ""
}

// run carries out an exchange.
func (l *login) run(ctx context.Context, running *exchange) {
	token, err := l.exchange(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		l.current = token
		l.remember(token.value)
	}
	running.token, running.err = token, err
	l.running = nil
	close(running.done)
}

// remember notes a token among those that must not show.
func (l *login) remember(token string) {
	if slices.Contains(l.known, token) {
		return
	}
	l.known = append(l.known, token)
	if extra := len(l.known) - maxKnownTokens; extra > 0 {
		l.known = slices.Delete(l.known, 0, extra)
	}
}

// exchange asks for a token once.
func (l *login) exchange(ctx context.Context) (accessToken, error) {
	ctx, cancel := context.WithTimeout(ctx, l.options.RequestTimeout)
	defer cancel()
	start := l.options.Now() // before, so that the token surely lives that long
	token, err := l.oauth.Token(context.WithValue(ctx, oauth2.HTTPClient, l.client))
	failure := l.explain(ctx, err)
	var granted accessToken
	if failure == nil {
		granted, failure = l.read(token, start)
	}
	l.log(ctx, start, failure)
	if failure == nil {
		return granted, nil
	}
	if failure.temporary() {
		return accessToken{}, &httpapi.TemporaryError{Err: failure, RetryAfter: failure.retryAfter}
	}
	return accessToken{}, failure
}

// read takes what is needed out of a token. Its lifetime may be a number or a
// text: identity providers differ.
func (l *login) read(token *oauth2.Token, start time.Time) (accessToken, *LoginError) {
	lifetime, ok := seconds(token.Extra("expires_in"))
	if !ok || !isHeaderValue(token.AccessToken) {
		return accessToken{}, l.unusable()
	}
	return accessToken{token.AccessToken, start.Add(lifetime - refreshEarly)}, nil
}
