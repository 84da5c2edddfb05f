// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import "net/http"

// The versions whose behaviour the server can take on.
const (
	dialect184 = "1.84"
	dialect097 = "0.97"
)

// dialect is everything in which the served versions differ, apart from the
// operations that only one of them has (see the route table).
type dialect struct {
	name string
	// unknownRoute is the status of a path or method that does not exist.
	unknownRoute int
	// defaultPage is the size of a page when the client asks for none.
	defaultPage int
	rules       rules
	// services are the words that may stand before the colon of an action.
	services map[string]bool
	// behindAuthServer is set when users, groups and policies live in a server of
	// their own behind the API. Its errors arrive flattened, and ids are lost on
	// the way: a `+` arrives there as a space, `.` and `..` not at all.
	behindAuthServer bool
	// explains is set when a refusal names the missing action.
	explains bool
	// loginRefused is the answer to wrong keys at login.
	loginRefused reply
	// cookieProblem is set when a refused cookie is answered with what is wrong.
	cookieProblem bool
	// cookieFlags hardens the session cookie.
	cookieFlags bool
	// issuer is the issuer claim of tokens.
	issuer string
	// setupState and capabilities are the answers of the two open operations.
	setupState   setupState
	capabilities map[string]bool
	// inviteNeedsMail is set when inviting a user sends a mail, which fails
	// because none is configured, although the user is made.
	inviteNeedsMail bool
	users           userViews
	groups          groupViews
	wording         wording
	// schemas are the request bodies by the name of their schema.
	schemas map[string]schemaRef
}

// wording is how the request validator of a version puts its errors.
type wording struct {
	// missingParameter ends the message of an empty path parameter.
	missingParameter string
	// namesSchema is set when a body error names the schema it broke.
	namesSchema bool
	// wrongType is filled with an article (when wrongTypeArticle) and a type.
	wrongType        string
	wrongTypeArticle bool
	// valueByType is set when a type error shows the type instead of the value.
	valueByType bool
	// listsEnum is set when an enum error lists the allowed values.
	listsEnum bool
	// enumBeforeNull is set when null in place of an enum is reported as a wrong
	// value and not as null.
	enumBeforeNull bool
	notInteger     string
	tooBig         string
	// floatNumbers is set when all numbers are first read as floating point
	// numbers and a message carries the whole parser error.
	floatNumbers bool
	badBoolean   string
}

// setupState is the answer of the setup state operation of a server that has
// been set up.
type setupState struct {
	CommPrefsMissing *bool       `json:"comm_prefs_missing,omitempty"`
	LoginConfig      loginConfig `json:"login_config"`
	State            string      `json:"state"`
}

// loginConfig tells the user interface how to log in; RBAC is what clients may
// look at.
type loginConfig struct {
	RBAC               string   `json:"RBAC"`
	LoginCookieNames   []string `json:"login_cookie_names"`
	LoginFailedMessage string   `json:"login_failed_message"`
	LoginURL           string   `json:"login_url"`
	LoginURLMethod     *string  `json:"login_url_method,omitempty"`
	LogoutURL          string   `json:"logout_url"`
}

func newLoginConfig(rbac string, method *string) loginConfig {
	return loginConfig{
		RBAC:               rbac,
		LoginCookieNames:   []string{sessionCookie},
		LoginFailedMessage: "The credentials don't match.",
		LoginURLMethod:     method,
	}
}

// newDialect returns the behaviour of a version in a mode of access control.
func newDialect(name, rbac string) (*dialect, bool) {
	switch name {
	case dialect184:
		return newDialect184(rbac), true
	case dialect097:
		return newDialect097(), rbac == rbacInternal
	}
	return nil, false
}

func newDialect184(rbac string) *dialect {
	basic := rbac == rbacNone // it keeps its one user itself
	return &dialect{
		name:             dialect184,
		unknownRoute:     http.StatusNotFound,
		defaultPage:      100,
		rules:            rules{conditions: true, resourceLists: true},
		services:         set("fs", "auth", "ci", "retention", "branches", "pr", "catalog"),
		behindAuthServer: !basic,
		explains:         true,
		loginRefused:     fail(http.StatusUnauthorized, messageUnauthenticated),
		cookieFlags:      true,
		issuer:           "auth",
		setupState: setupState{
			CommPrefsMissing: new(false),
			LoginConfig:      newLoginConfig(rbac, new("none")),
			State:            "initialized",
		},
		capabilities: map[string]bool{"invite_user": !basic},
		users: userViews{
			created: userView{email: whenSet},
			single:  userView{email: always, friendlyName: always},
			listed:  userView{email: always, friendlyName: always},
			current: userView{email: always, friendlyName: always},
		},
		groups: groupViews{
			created: groupView{name: true, description: whenSet},
			single:  groupView{nameAsID: true, description: always},
			listed:  groupView{name: true, description: always},
			ofUser:  groupView{name: true},
		},
		wording: wording{
			missingParameter: messageMissing,
			namesSchema:      true,
			wrongType:        "value must be ",
			wrongTypeArticle: true,
			listsEnum:        true,
			enumBeforeNull:   true,
			notInteger:       "value must be an integer",
			tooBig:           "number must be at most ",
			badBoolean:       "an invalid boolean",
		},
		schemas: byName(userSchema, groupSchema184, policySchema(statementSchema184), aclSchema, loginSchema,
			setupSchema184, externalSchema, externalLoginSchema, stsSchema),
	}
}

func newDialect097() *dialect {
	return &dialect{
		name:            dialect097,
		unknownRoute:    http.StatusInternalServerError,
		defaultPage:     maxPage,
		services:        set("fs", "auth", "ci", "retention", "branches"),
		loginRefused:    reply{status: http.StatusUnauthorized, body: "Unauthorized"},
		cookieProblem:   true,
		setupState:      setupState{LoginConfig: newLoginConfig("simplified", nil), State: "initialized"},
		capabilities:    map[string]bool{"forgot_password": false, "invite_user": false},
		inviteNeedsMail: true,
		users: userViews{
			listed:  userView{email: always},
			current: userView{friendlyName: always},
		},
		wording: wording{
			missingParameter: messageMissing + ": " + messageMissing,
			wrongType:        "Field must be set to ",
			valueByType:      true,
			notInteger:       "Value must be an integer",
			tooBig:           "number must be most ",
			floatNumbers:     true,
			badBoolean:       "an invalid number",
		},
		schemas: byName(userSchema, groupSchema097, policySchema(statementSchema097), loginSchema,
			setupSchema097, forgotSchema, passwordSchema),
	}
}

func set(words ...string) map[string]bool {
	members := make(map[string]bool, len(words))
	for _, word := range words {
		members[word] = true
	}
	return members
}
