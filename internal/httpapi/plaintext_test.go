// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// forged is what a server may say to make its words look like those of Terraform, or to
// have a terminal do what it says.
const forged = "no\r\n\n\x1b[2J\x1b[1mApply complete!\x1b[0m\x07\u202e\u2028Resources: 0 destroyed.\x00\u200b"

// harmless tells whether a text is one line that a terminal shows as it is.
func harmless(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                        "",
		"as it is: é, 日本, 🙂, (x)": "as it is: é, 日本, 🙂, (x)",
		" a\tb\n\nc\u00a0d ":      "a b c d",
		"\x1b[31mred\x1b[0m":      "�[31mred�[0m",
		"a\u202eb\u200dc\x7f":     "a�b�c�",
		"broken \xff":             "broken �",
	} {
		if got := httpapi.OneLine(text); got != want {
			t.Errorf("OneLine(%q) = %q, want %q", text, got, want)
		}
	}
	if got := httpapi.OneLine(forged); !harmless(got) {
		t.Errorf("got %q", got)
	}
}

// TestForgedAnswers: whatever a server says where a message quotes it, it is one line
// that a terminal shows as it is.
func TestForgedAnswers(t *testing.T) {
	t.Parallel()
	message, err := json.Marshal(map[string]string{"message": forged})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]http.HandlerFunc{
		"JSON message": func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusBadRequest, string(message)) },
		"plain text": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, forged)
		},
		"a long type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/"+strings.Repeat("x", 100_000))
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, forged)
		},
		"a long host": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://"+strings.Repeat("x", 100_000))
			w.WriteHeader(http.StatusFound)
		},
	}
	for name, handler := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var logged entries
			client := newClient(t, handler, func(c *httpapi.Config) { c.Options.Log = logged.log })
			err := client.Do(t.Context(), get, nil)
			if err == nil || !harmless(err.Error()) || len(err.Error()) > 3000 {
				t.Errorf("error of %d bytes: %.500q", len(fmt.Sprint(err)), fmt.Sprint(err))
			}
			if text := strings.TrimSpace(logged.text.String()); !harmless(text) {
				t.Errorf("logged: %.500q", text)
			}
		})
	}
}

// TestForgedBytes are answers that no server of net/http would give.
func TestForgedBytes(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"status line":     "HTTP/1.1 400 \x1b[2J\r\nContent-Length: 0\r\n\r\n",
		"no HTTP at all":  "\x1b[2JApply complete!\r\n\r\n",
		"request id":      "HTTP/1.1 400 Bad Request\r\nX-Request-Id: \x1b[2Jr-1\r\nContent-Length: 0\r\n\r\n",
		"header":          "HTTP/1.1 400 Bad Request\r\n\x1b[2J\r\nContent-Length: 0\r\n\r\n",
		"redirect":        "HTTP/1.1 302 Found\r\nLocation: https://a\x1b[2J/\r\nContent-Length: 0\r\n\r\n",
		"type":            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/\x1b[2J\r\nContent-Length: 1\r\n\r\nx",
		"transfer coding": "HTTP/1.1 200 OK\r\nTransfer-Encoding: \x1b[2J\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := httpapi.New(httpapi.Config{BaseURL: "http://" + listenAndAnswer(t, answer)})
			if err != nil {
				t.Fatal(err)
			}
			if err := client.Do(t.Context(), get, nil); err == nil || !harmless(err.Error()) {
				t.Errorf("error %q, want one that can be shown", fmt.Sprint(err))
			}
		})
	}
}

// listenAndAnswer answers every connection with the same bytes.
func listenAndAnswer(t *testing.T, answer string) (address string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return // closed at the end of the test
			}
			if _, err := http.ReadRequest(bufio.NewReader(connection)); err == nil {
				_, _ = io.WriteString(connection, answer)
			}
			_ = connection.Close()
		}
	}()
	return listener.Addr().String()
}

// TestSecretsCutInTwo: a secret that is no secret any more once its unprintable
// characters are gone, and one that becomes one.
func TestSecretsCutInTwo(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"hunter2\nsecond", "hunter2\r\nsecond", " hunter2\t\tsecond ", "hunter2 second"} {
		for _, known := range []string{"hunter2 second", "hunter2\nsecond"} {
			got := httpapi.Redact("before "+text+" after", []string{known, "hunter2 second"})
			if strings.Contains(got, "hunter2") {
				t.Errorf("%q of a server that knows %q shows as %q", text, known, got)
			}
		}
	}
	if got := httpapi.Redact("hun\x1bter2", []string{"hunter2"}); got != "hun�ter2" {
		t.Errorf("got %q, want the halves apart", got)
	}
}

// TestCausesThatCannotBeShown keep what they are.
func TestCausesThatCannotBeShown(t *testing.T) {
	t.Parallel()
	cause := fmt.Errorf("\x1b[2J: %w", io.ErrClosedPipe)
	client := newClient(t, hangUp, func(c *httpapi.Config) {
		c.Options.Transport = roundTripper(func(*http.Request) (*http.Response, error) { return nil, cause })
	})
	if err := client.Do(t.Context(), get, nil); !errors.Is(err, io.ErrClosedPipe) || !harmless(err.Error()) {
		t.Errorf("error %q, want the cause in a text that can be shown", fmt.Sprint(err))
	}
}
