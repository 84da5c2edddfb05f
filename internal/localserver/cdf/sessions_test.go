// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// sessionAt is a session as it is answered; made and ends are seconds of the clock.
func sessionAt(id, kind, status string, made, ends int64) string {
	return fmt.Sprintf(`{"id":%q,"type":%q,"status":%q,"creationTime":%d,"expirationTime":%d,"clientId":"me"}`,
		id, kind, status, began+made*1000, began+ends*1000)
}

const (
	byCredentials = `{"items":[{"clientId":"me","clientSecret":"s"}]}`
	byExchange    = `{"items":[{"tokenExchange":true}]}`
	byOneShot     = `{"items":[{"oneshotTokenExchange":true}]}`
)

func sessions(items ...string) string { return `{"items":[` + strings.Join(items, ",") + `]}` }

func TestSessions(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{ClientID: "me", ClientSecret: "s"})
	made := func(id, kind string) string {
		return fmt.Sprintf(`{"items":[{"id":%q,"type":%q,"status":"READY","clientId":"me","nonce":"*"}]}`, id, kind)
	}
	p.converse(t,
		exchange{send: "GET /sessions", want: `{"items":[]}`},
		exchange{send: "POST /sessions", body: byCredentials, want: made("#1", "CLIENT_CREDENTIALS")},
		exchange{send: "POST /sessions", body: byExchange, want: made("#2", "TOKEN_EXCHANGE")},
	)
	p.clock.advance(30 * time.Second)
	first, second := sessionAt("#1", "CLIENT_CREDENTIALS", "READY", 0, 60), sessionAt("#2", "TOKEN_EXCHANGE", "READY", 0, 60)
	third := sessionAt("#3", "ONESHOT_TOKEN_EXCHANGE", "READY", 30, 90)
	p.converse(t,
		exchange{send: "POST /sessions", body: byOneShot, want: made("#3", "ONESHOT_TOKEN_EXCHANGE")},
		exchange{send: "GET /sessions", want: sessions(first, second, third)},
		exchange{send: "GET /sessions?status=READY&limit=2", want: strings.TrimSuffix(sessions(first, second), "}") + `,"nextCursor":"@1"}`},
		exchange{send: "GET /sessions?status=READY&cursor=@1", want: sessions(third)},
		exchange{send: "GET /sessions?status=REVOKED", want: `{"items":[]}`},
		exchange{send: "GET /sessions?status=ready", status: 400,
			want: errorOf(400, `status is "ready": use one of READY, ACTIVE, CANCELLED, EXPIRED, REVOKED, ACCESS_LOST`)},
		exchange{send: "POST /sessions/byids", body: `{"items":[{"id":"#3"},{"id":"#1"}]}`, want: sessions(third, first)},
		exchange{send: "POST /sessions/byids", body: `{"items":[{"id":"#3"},{"id":5},{"id":6}]}`, status: 400,
			want: `{"error":{"code":400,"message":"there are no sessions with these ids","missing":[{"id":5},{"id":6}]}}`},
		exchange{send: "POST /sessions/byids", body: `{"items":["#3"]}`, status: 400},
	)
}

func TestSessionsThatAreRefused(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{ClientID: "me", ClientSecret: "s"})
	const unclear = "give either clientId and clientSecret, or tokenExchange, or oneshotTokenExchange"
	const wrong = "the identity provider does not accept these client credentials"
	for body, says := range map[string]string{
		`{"items":[{}]}`:                                                        unclear,
		`{"items":[{"tokenExchange":false}]}`:                                   unclear,
		`{"items":[{"clientId":"me"}]}`:                                         unclear,
		`{"items":[{"clientSecret":"s"}]}`:                                      unclear,
		`{"items":[{"tokenExchange":true,"oneshotTokenExchange":true}]}`:        unclear,
		`{"items":[{"clientId":"me","clientSecret":"s","tokenExchange":true}]}`: unclear,
		`{"items":[{"clientId":"me","clientSecret":"t"}]}`:                      wrong,
		`{"items":[{"clientId":"you","clientSecret":"s"}]}`:                     wrong,
		`{"items":[{"tokenExchange":true},{"tokenExchange":true}]}`:             "the request has 2 items: give 1 to 1",
	} {
		p.converse(t, exchange{send: "POST /sessions", body: body, status: 400, want: errorOf(400, says)})
	}
	p.converse(t, exchange{send: "GET /sessions", want: `{"items":[]}`})
}

// A session that is not used within a minute expires, one in use later.
func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{ClientID: "me", ClientSecret: "s", TokenLifetime: 100 * 24 * time.Hour})
	p.converse(t, exchange{send: "POST /sessions", body: byExchange}, exchange{send: "POST /sessions", body: byExchange})
	var used int64
	if _, err := fmt.Sscan(p.ids[1], &used); err != nil {
		t.Fatal(err)
	}
	if err := p.SetSessionStatus(used, "ACTIVE"); err != nil {
		t.Fatal(err)
	}
	const month = 30 * 24 * 3600
	state := func(first, second string) exchange {
		return exchange{send: "GET /sessions", want: sessions(
			sessionAt("#1", "TOKEN_EXCHANGE", first, 0, 60), sessionAt("#2", "TOKEN_EXCHANGE", second, 0, month))}
	}
	p.clock.advance(time.Minute - time.Nanosecond)
	p.converse(t, state("READY", "ACTIVE"))
	p.clock.advance(time.Nanosecond)
	p.converse(t, state("EXPIRED", "ACTIVE"), exchange{send: "GET /sessions?status=EXPIRED", want: sessions(sessionAt("#1", "TOKEN_EXCHANGE", "EXPIRED", 0, 60))})
	p.clock.advance(month * time.Second)
	p.converse(t, state("EXPIRED", "EXPIRED"))
}

func TestRevokeSessions(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{ClientID: "me", ClientSecret: "s"})
	p.caller(t, "revoker", capabilities(inAll, "sessionsAcl:DELETE"))
	for range 4 {
		p.converse(t, exchange{send: "POST /sessions", body: byExchange})
	}
	for i, status := range []string{"ACTIVE", "ACCESS_LOST", "CANCELLED"} {
		var id int64
		if _, err := fmt.Sscan(p.ids[i+1], &id); err != nil {
			t.Fatal(err)
		}
		if err := p.SetSessionStatus(id, status); err != nil {
			t.Fatal(err)
		}
	}
	const month = 30 * 24 * 3600
	all := sessions(sessionAt("#1", "TOKEN_EXCHANGE", "REVOKED", 0, 60), sessionAt("#2", "TOKEN_EXCHANGE", "REVOKED", 0, month),
		// What has ended stays as it ended.
		sessionAt("#3", "TOKEN_EXCHANGE", "ACCESS_LOST", 0, 60), sessionAt("#4", "TOKEN_EXCHANGE", "CANCELLED", 0, 60))
	const body = `{"items":[{"id":"#1"},{"id":"#2"},{"id":"#3"},{"id":"#4"}]}`
	p.converse(t,
		exchange{send: "POST /sessions/revoke", body: `{"items":[{"id":"#1"},{"id":9}]}`, status: 400,
			want: `{"error":{"code":400,"message":"there are no sessions with these ids","missing":[{"id":9}]}}`},
		exchange{send: "GET /sessions?status=REVOKED", want: `{"items":[]}`},
		exchange{send: "POST /sessions/revoke", body: body, want: all},
		exchange{send: "POST /sessions/revoke", body: body, want: all},
		exchange{send: "GET /sessions", want: all},
		// Who may not list sessions learns nothing but the ids.
		exchange{as: "revoker", send: "POST /sessions/revoke", body: body, want: body},
		exchange{as: "revoker", send: "POST /sessions/revoke", body: `{"items":[{"id":9}]}`, status: 400},
		exchange{send: "POST /sessions/revoke", body: `{"items":["#1"]}`, status: 400},
	)
}

func TestSetSessionStatus(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	var errors []string
	for _, err := range []error{p.SetSessionStatus(1, "ACTIVE"), p.SetSessionStatus(1, "active")} {
		if err == nil {
			t.Fatal("no error")
		}
		errors = append(errors, err.Error())
	}
	want := []string{
		"session 1: ids do not exist",
		`status is "active": use one of READY, ACTIVE, CANCELLED, EXPIRED, REVOKED, ACCESS_LOST`,
	}
	if diff := cmp.Diff(want, errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}
