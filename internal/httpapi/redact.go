// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Redacted stands in text where a secret was.
const Redacted = "[redacted]"

// Redact answers a text without the secrets, on one line that can be shown, cut to a
// length that a message can hold. It is for what a client quotes that did not come
// through Do.
func Redact(text string, secrets []string) string {
	return quoteForeign(text, newScrubber(secrets), maxServerMessage)
}

// newScrubber answers a function that replaces every secret in a text, also in
// the notations in which servers quote what they were sent.
func newScrubber(secrets []string) func(string) string {
	var forms []string
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		query, path := url.QueryEscape(secret), url.PathEscape(secret)
		forms = append(forms, secret, query, path, lowerEscapes(query), lowerEscapes(path), unquoted(strconv.Quote(secret)))
		if quoted, err := json.Marshal(secret); err == nil {
			forms = append(forms, unquoted(string(quoted)))
		}
	}
	// The longest first, so that no part of a secret is left when another
	// secret is its beginning.
	slices.SortFunc(forms, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	var pairs []string
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, Redacted)
	}
	return strings.NewReplacer(pairs...).Replace
}

var percentEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

// lowerEscapes writes %2F as %2f, as some servers do.
func lowerEscapes(escaped string) string {
	return percentEscape.ReplaceAllStringFunc(escaped, strings.ToLower)
}

// ShowSecret stands for a secret in the text of a type that prints itself: whether it
// is set may be seen.
func ShowSecret(secret string) string {
	if secret == "" {
		return "[unset]"
	}
	return Redacted
}

// HidePassword keeps a URL out of text that may hold a password: New refuses such a
// one, but it may be printed before that.
func HidePassword(url string) string {
	if strings.Contains(url, "@") {
		return Redacted
	}
	return url
}

// FormatAsString is the Format method of a type that prints itself by String for every
// verb of package fmt, also %#v.
func FormatAsString(state fmt.State, value fmt.Stringer) {
	_, _ = io.WriteString(state, value.String())
}

func unquoted(quoted string) string {
	return quoted[1 : len(quoted)-1]
}

// scrubError keeps an error as it is unless its text holds a secret or cannot be shown:
// the names in a certificate and a malformed header are the server's words.
func scrubError(err error, scrub func(string) string) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	switch clean := scrub(OneLine(scrub(text))); {
	case clean == text:
		return err
	case clean == OneLine(text):
		return &shownError{clean, err}
	default:
		return errors.New(clean) // without the cause, which holds the secret
	}
}

// shownError is an error with a text that can be shown.
type shownError struct {
	text  string
	cause error
}

func (e *shownError) Error() string { return e.text }

func (e *shownError) Unwrap() error { return e.cause }
