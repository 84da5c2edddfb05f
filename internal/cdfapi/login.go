// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"cmp"
	"context"
	"encoding/base64"
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
	oauth   *clientcredentials.Config
	client  *http.Client
	log     func(ctx context.Context, msg string, fields map[string]any) // may be nil
	now     func() time.Time
	timeout time.Duration
	fixed   []string // secrets beside the tokens

	mu      sync.Mutex // guards all below
	current accessToken
	running *exchange
	known   []string // tokens, latest last
	// discarded says that a rejected token was given up and not replaced yet, unproven is
	// the token that took the place of one, until the server accepts it.
	discarded bool
	unproven  string
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

func newLogin(config Config) *login {
	l := &login{
		oauth: &clientcredentials.Config{
			ClientID:     config.ClientID,
			ClientSecret: config.ClientSecret,
			TokenURL:     config.tokenURL(),
			Scopes:       config.scopes(),
			AuthStyle:    oauth2.AuthStyleInParams,
		},
		client: &http.Client{
			Transport:     tokenTransport{config.HTTP.Transport, config.HTTP.UserAgent},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		log:     config.HTTP.Log,
		now:     config.HTTP.Now,
		timeout: cmp.Or(config.HTTP.RequestTimeout, httpapi.DefaultRequestTimeout),
		fixed:   []string{config.ClientSecret},
	}
	if l.now == nil {
		l.now = time.Now
	}
	if config.BasicAuth {
		l.oauth.AuthStyle = oauth2.AuthStyleInHeader
		// Escaped as RFC 6749 (section 2.3.1) wants it.
		pair := url.QueryEscape(config.ClientID) + ":" + url.QueryEscape(config.ClientSecret)
		l.fixed = append(l.fixed, base64.StdEncoding.EncodeToString([]byte(pair)))
	}
	if config.Audience != "" {
		l.oauth.EndpointParams = url.Values{"audience": {config.Audience}}
	}
	return l
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
		return "", &httpapi.TemporaryError{Err: &LoginError{TokenURL: l.oauth.TokenURL, Err: ctx.Err()}}
	}
}

// join answers the exchange to wait for, or the token when it is still good.
func (l *login) join(ctx context.Context) (*exchange, string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now().Before(l.current.until) {
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
		if l.discarded {
			l.discarded, l.unproven = false, token.value
		}
	}
	running.token, running.err = token, err
	l.running = nil
	close(running.done)
}

// discard gives up a token that the server has rejected, unless it has taken the place of
// such a one and was never accepted: then the next would not be either, since the server
// answers 401 also to a caller who is not of the project.
func (l *login) discard(token string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if token == "" || token == l.unproven {
		return false
	}
	if token == l.current.value { // otherwise somebody else was faster
		l.current, l.discarded = accessToken{}, true
	}
	return true
}

// accept notes that the server accepts a token.
func (l *login) accept(token string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if token == l.unproven {
		l.unproven = ""
	}
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
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	start := l.now() // before, so that the token surely lives that long
	token, err := l.oauth.Token(context.WithValue(ctx, oauth2.HTTPClient, l.client))
	failure := l.explain(ctx, err)
	var granted accessToken
	if failure == nil {
		granted, failure = l.read(token, start)
	}
	l.report(ctx, start, failure)
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
