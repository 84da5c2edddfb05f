// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// step is one line of a transcript: a request and what was answered.
type step struct {
	Scenario        string
	Step            int
	As              string
	Method          string
	Path            string
	Query           string
	Headers         map[string]*string
	Body            json.RawMessage
	Raw             bool
	Status          int
	Response        json.RawMessage
	ResponseHeaders map[string]string `json:"response_headers"`
	Message         string
	Unordered       bool
	BindCookie      string `json:"bind_cookie"`
	Repeat          *struct{ Count, Width int }
}

// scenario is a run of steps that share bindings.
type scenario struct {
	name  string
	steps []step
}

func readTranscript(t *testing.T, path string) []scenario {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var scenarios []scenario
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var s step
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if len(scenarios) == 0 || scenarios[len(scenarios)-1].name != s.Scenario {
			scenarios = append(scenarios, scenario{name: s.Scenario})
		}
		last := &scenarios[len(scenarios)-1]
		last.steps = append(last.steps, s)
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return scenarios
}

// replayer sends steps to a server and compares its answers.
type replayer struct {
	url    string
	admin  map[string]string
	client *http.Client
	// bound holds the values met so far in the scenario, by their names.
	bound map[string]string
}

func newReplayer(t *testing.T, options localserver.Options) *replayer {
	t.Helper()
	server, err := localserver.New(options)
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	client := listening.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &replayer{
		url:    listening.URL,
		admin:  map[string]string{"access_key_id:admin": server.AccessKeyID(), "secret:admin": server.SecretAccessKey()},
		client: client,
	}
}

func (r *replayer) play(t *testing.T, s scenario) {
	t.Helper()
	r.bound = maps.Clone(r.admin)
	for _, one := range s.steps {
		runs, width := 1, 0
		if one.Repeat != nil {
			runs, width = one.Repeat.Count, one.Repeat.Width
		}
		for i := range runs {
			r.bound["i"] = fmt.Sprintf("%0*d", width, i)
			if diff := r.run(t, one); diff != "" {
				t.Errorf("%s step %d: %s %s (-want +got):\n%s", s.name, one.Step, one.Method, one.Path, diff)
			}
		}
	}
}

var reference = regexp.MustCompile(`\$\{((?:access_key_id|secret|token|cookie|basic):[^}]*|i)\}`)

// fill replaces the references in a text by the values they stand for.
func (r *replayer) fill(text string) string {
	return reference.ReplaceAllStringFunc(text, func(found string) string {
		name := found[2 : len(found)-1]
		if alias, isBasic := strings.CutPrefix(name, "basic:"); isBasic {
			return r.basic(alias)
		}
		return r.bound[name]
	})
}

func (r *replayer) basic(alias string) string {
	pair := r.bound["access_key_id:"+alias] + ":" + r.bound["secret:"+alias]
	return base64.StdEncoding.EncodeToString([]byte(pair))
}

func (r *replayer) request(t *testing.T, s step) *http.Request {
	t.Helper()
	target := r.url + r.fill(s.Path)
	if s.Query != "" {
		target += "?" + r.fill(s.Query)
	}
	var body io.Reader
	if s.Body != nil {
		text := string(s.Body)
		if s.Raw {
			if err := json.Unmarshal(s.Body, &text); err != nil {
				t.Fatal(err)
			}
		}
		body = strings.NewReader(r.fill(text))
	}
	request, err := http.NewRequestWithContext(t.Context(), s.Method, target, body)
	if err != nil {
		t.Fatal(err)
	}
	if s.Body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if s.As != "anonymous" {
		request.Header.Set("Authorization", "Basic "+r.basic(s.As))
	}
	for name, value := range s.Headers {
		if value == nil {
			request.Header.Del(name)
		} else {
			request.Header.Set(name, r.fill(*value))
		}
	}
	return request
}

// run sends a step and describes how the answer differs.
func (r *replayer) run(t *testing.T, s step) string {
	t.Helper()
	response, err := r.client.Do(r.request(t, s))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if s.BindCookie != "" {
		value, _, _ := strings.Cut(response.Header.Get("Set-Cookie"), ";")
		_, value, _ = strings.Cut(value, "=")
		r.bound["cookie:"+s.BindCookie] = value
	}
	headers := map[string]string{}
	for _, name := range []string{"Content-Type", "Location", "Set-Cookie"} {
		value := response.Header.Get(name)
		if name == "Set-Cookie" {
			value, _, _ = strings.Cut(value, "=")
		}
		if value != "" {
			headers[name] = value
		}
	}
	got := decodeBody(t, headers["Content-Type"], body)
	want := decode(t, []byte(r.fill(string(s.Response))))
	if s.Message == "first-line" {
		cutMessage(want)
		cutMessage(got)
	}
	diff := cmp.Diff(s.Status, response.StatusCode) + cmp.Diff(s.ResponseHeaders, headers, cmpopts.EquateEmpty())
	if s.Unordered {
		diff += r.align(want, got)
	}
	return diff + cmp.Diff(r.expect(want, got), got)
}

// decodeBody reads an answer as its Content-Type says; an empty one is nil.
func decodeBody(t *testing.T, contentType string, body []byte) any {
	t.Helper()
	switch {
	case len(body) == 0:
		return nil
	case strings.HasPrefix(contentType, "application/json"):
		return decode(t, body)
	}
	return string(body)
}

func decode(t *testing.T, text []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

// cutMessage keeps the first line of the message of an error.
func cutMessage(value any) {
	object, isObject := value.(map[string]any)
	if !isObject {
		return
	}
	if text, isText := object["message"].(string); isText {
		object["message"], _, _ = strings.Cut(text, "\n")
	}
}

// expect returns want with every placeholder replaced by the value it stands
// for in got, if that value fits.
func (r *replayer) expect(want, got any) any {
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		for name, value := range want {
			want[name] = r.expect(value, object[name])
		}
	case []any:
		list, _ := got.([]any)
		for i, value := range want {
			if i < len(list) {
				want[i] = r.expect(value, list[i])
			}
		}
	case string:
		if r.fits(want, got) {
			return got
		}
	}
	return want
}

// fits reports whether got may stand in the place of a placeholder, and binds
// the name of the placeholder when it is met for the first time.
func (r *replayer) fits(placeholder string, got any) bool {
	if !strings.HasPrefix(placeholder, "<") || !strings.HasSuffix(placeholder, ">") {
		return false
	}
	name := placeholder[1 : len(placeholder)-1]
	if name == "int" {
		number, isNumber := got.(json.Number)
		value, err := number.Int64()
		return isNumber && err == nil && value > 0
	}
	text, isText := got.(string)
	if !isText || name == "string" {
		return isText
	}
	if !slices.ContainsFunc([]string{"access_key_id:", "secret:", "token:"}, func(kind string) bool {
		return strings.HasPrefix(name, kind)
	}) {
		return false
	}
	if r.bound[name] == "" {
		r.bound[name] = text
	}
	return text != "" && r.bound[name] == text
}

// align sorts the expected results like the actual ones, which must ascend.
func (r *replayer) align(want, got any) string {
	wanted, actual := results(want), results(got)
	place := func(item any) string {
		object, _ := item.(map[string]any)
		id, _ := object["access_key_id"].(string)
		if bound, known := r.bound[strings.Trim(id, "<>")]; known {
			return bound
		}
		return id
	}
	byPlace := func(a, b any) int { return strings.Compare(place(a), place(b)) }
	slices.SortFunc(wanted, byPlace)
	if !slices.IsSortedFunc(actual, byPlace) {
		return "results do not ascend by access_key_id"
	}
	return ""
}

func results(list any) []any {
	object, _ := list.(map[string]any)
	items, _ := object["results"].([]any)
	return items
}
