// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// Every kind of fault happens to every kind of operation here, over real connections:
// once, and every time. What comes of it is in the tables of outcomes below.

// Outcomes of an operation. A refusal is its status.
const (
	succeeds   = "ok"
	unanswered = "no answer"
	// unusable is a success that cannot be read; of a create it may have made something.
	unusable   = "unusable"
	unreadKey  = "unreadable"
	rejected   = "401"
	notFoundIs = "404"
)

// Classes of operations that come to the same under faults.
const (
	isCreate = "create"
	isKey    = "create key"
	isDelete = "delete"
	isUpdate = "update"
	isRead   = "read"
	isPaged  = "read in a page of many"
	isSwitch = "switch"
	isLogin  = "log in"
)

// outcomesOfOne are the outcomes of one fault that is followed by none. What isn't
// here succeeds; a token that is rejected is replaced.
var outcomesOfOne = map[string]map[string]string{
	// A second key would be one more that nobody uses, so an answer of success that
	// cannot be read is an error that names the key.
	isKey: {"truncated": unreadKey, "cut-body": unreadKey, "content-type": unreadKey, "slow-body": unreadKey, "huge": unreadKey},
	// A 500 is the server's own: it is looked whether the object is gone, and not sent
	// again.
	isDelete: {"500": "500"},
	isRead:   {"500": "500", "truncated": unusable, "content-type": unusable, "huge": unusable},
	// The page is asked for once more.
	isPaged:  {"500": "500"},
	isSwitch: {"500": "500", "truncated": unusable, "content-type": unusable, "huge": unusable},
	isLogin:  {"truncated": unusable},
}

// outcomesOfMany are the outcomes where the fault happens every time, beyond those of
// kinds that do not commit: these are their own status, or no answer.
var outcomesOfMany = map[string]map[string]string{
	isKey: {
		"truncated": unreadKey, "content-type": unreadKey, "huge": unreadKey,
		"lost": unanswered, "lost-504": "504", "cut-body": unreadKey, "slow-headers": unanswered, "slow-body": unreadKey,
	},
	isRead:   lostEveryTime,
	isPaged:  lostEveryTime,
	isSwitch: lostEveryTime,
	isLogin: {
		"truncated": unusable, "lost": unanswered, "lost-504": "504", "cut-body": unanswered,
		"slow-headers": unanswered, "slow-body": unanswered,
	},
}

// lostEveryTime is what comes of what can only be asked again.
var lostEveryTime = map[string]string{
	"truncated": unusable, "content-type": unusable, "huge": unusable,
	"lost": unanswered, "lost-504": "504", "cut-body": unusable, "slow-headers": unanswered, "slow-body": unusable,
}

// refusals are the outcomes of kinds that do not commit and happen every time.
var refusals = map[string]string{
	"500": "500", "502": "502", "503": "503", "504": "504", "429": "429", "429-retry-after": "429", "html": "503",
	"reset": unanswered, "expired-token": rejected, "false-404": notFoundIs,
}

// expected is the outcome of a kind of fault that happens once or every time.
func expected(class string, kind localserver.FaultKind, always bool) string {
	outcome := outcomesOfOne[class][kind.Name]
	if always {
		outcome = outcomesOfMany[class][kind.Name]
		if !kind.Commits {
			outcome = refusals[kind.Name]
		}
	}
	if outcome == "" {
		return succeeds
	}
	return outcome
}

// outcomeOf is what came of an operation.
func outcomeOf(err error) string {
	unreadable, isUnreadable := errors.AsType[*snapshot.UnreadableError](err)
	login, isLogin := errors.AsType[*cdfapi.LoginError](err)
	status := httpapi.StatusOf(err)
	switch {
	case err == nil:
		return succeeds
	case isUnreadable && unreadable.ID != "":
		return unreadKey
	case isLogin:
		status = login.Status
	}
	switch {
	case status == 0:
		return unanswered
	case status < 300:
		return unusable
	}
	return fmt.Sprint(status)
}

// faultWorld is a server that can fail, with both platforms' snapshots of it.
type faultWorld struct {
	lakefs *snapshot.LakeFS
	cdf    *snapshot.CDF
	// The others are not met by faults.
	besideLakeFS *lakefsapi.Client
	besideCDF    *cdfapi.Client
	// made is the id of what an operation prepared, orphans what it named as left over.
	made    int64
	keyID   string
	orphans []string
	left    atomic.Int64
}

// underTest is the User-Agent of the requests that faults may happen to.
const underTest = "under test"

func newFaultWorld(t *testing.T, kind string, aim string, retries int) *faultWorld {
	t.Helper()
	w, clock := &faultWorld{}, newClock()
	server, err := localserver.New(localserver.Options{Now: clock.Now, ExternalPrincipals: true, Fault: localserver.FaultOptions{
		Kinds: []string{kind}, Rate: 1, Delay: time.Hour,
		Only: func(r *http.Request) bool {
			sent := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v1")
			beginning, open := strings.CutSuffix(aim, "*")
			aimed := sent == aim || open && strings.HasPrefix(sent, beginning)
			return r.UserAgent() == underTest && aimed && w.left.Add(-1) >= 0
		},
	}})
	must(t, err)
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	options := httpapi.Options{
		UserAgent: underTest, MaxRetries: retries, MaxResponseBytes: 1 << 20, Now: clock.Now, Sleep: clock.Sleep,
	}
	if strings.HasPrefix(kind, "slow") {
		options.RequestTimeout = 200 * time.Millisecond
		if retries > 1 {
			options.MaxRetries = 5 * retries // on a busy machine, others than the slow one may take as long
		}
	}
	connect := func(options httpapi.Options) (*lakefsapi.Client, *cdfapi.Client) {
		lakefs, err := lakefsapi.New(lakefsapi.Config{
			Endpoint: listener.URL, AccessKeyID: server.AccessKeyID(), SecretAccessKey: server.SecretAccessKey(), HTTP: options,
		})
		must(t, err)
		cdf, err := cdfapi.New(cdfapi.Config{
			BaseURL: listener.URL, Project: server.Project(), ClientID: server.ClientID(), ClientSecret: server.ClientSecret(),
			TokenURL: listener.URL + "/oauth2/token", HTTP: options,
		})
		must(t, err)
		return lakefs, cdf
	}
	lakefs, cdf := connect(options)
	w.lakefs = snapshot.NewLakeFS(lakefs, snapshot.WithClock(clock.Now, clock.Sleep))
	w.cdf = snapshot.NewCDF(cdf, snapshot.WithClock(clock.Now, clock.Sleep))
	w.besideLakeFS, w.besideCDF = connect(httpapi.Options{Now: clock.Now})
	return w
}

// outcomes are the cells of a matrix, by operation and kind.
type outcomes struct {
	mu    sync.Mutex
	cells map[[2]string]string
}

func (o *outcomes) note(operation, kind, outcome string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cells[[2]string{operation, kind}] = outcome
}

// table writes the matrix as one of Markdown.
func (o *outcomes) table() string {
	var text strings.Builder
	names := localserver.FaultNames()
	fmt.Fprintf(&text, "| operation | %s |\n|%s", strings.Join(names, " | "), strings.Repeat("---|", len(names)+1))
	for _, operation := range matrixOperations {
		fmt.Fprintf(&text, "\n| %s |", operation.name)
		for _, kind := range names {
			fmt.Fprintf(&text, " %s |", o.cells[[2]string{operation.name, kind}])
		}
	}
	return text.String()
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	for name, always := range map[string]bool{"once": false, "every time": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := &outcomes{cells: map[[2]string]string{}}
			t.Run("cells", func(t *testing.T) {
				for _, operation := range matrixOperations {
					for _, kind := range localserver.FaultKinds() {
						t.Run(operation.name+"/"+kind.Name, func(t *testing.T) {
							t.Parallel()
							meetFault(t, operation, kind, always, got)
						})
					}
				}
			})
			t.Logf("the fault happens %s:\n%s", name, got.table())
		})
	}
}

// meetFault carries one operation out under one kind of fault, and again without.
func meetFault(t *testing.T, operation matrixOperation, kind localserver.FaultKind, always bool, got *outcomes) {
	t.Helper()
	retries, times := maxRetries, int64(1)
	if always {
		retries, times = 1, 1<<40
	}
	w := newFaultWorld(t, kind.Name, operation.aim, retries)
	if operation.prepare != nil {
		must(t, operation.prepare(t.Context(), w))
	}
	w.left.Store(times)
	err := operation.run(t.Context(), w)
	if happened := w.left.Swap(0) < times; !happened {
		got.note(operation.name, kind.Name, "–")
		if err != nil {
			t.Errorf("without a fault: %v", err)
		}
		return
	}
	outcome := outcomeOf(err)
	got.note(operation.name, kind.Name, outcome)
	if diff := cmp.Diff(expected(operation.class, kind, always), outcome); diff != "" {
		t.Errorf("outcome (-want +got):\n%s\nerror: %v", diff, err)
	}
	if operation.count == nil {
		return
	}
	wantNothingLost(t, operation, kind, w, err)
}

// wantNothingLost fails unless what is there afterwards is known to the caller, and a
// second try without faults ends well.
func wantNothingLost(t *testing.T, operation matrixOperation, kind localserver.FaultKind, w *faultWorld, err error) {
	t.Helper()
	count := func() int {
		there, countErr := operation.count(t.Context(), w)
		must(t, countErr)
		return there - len(w.orphans)
	}
	switch there := count(); {
	case err == nil && there != operation.want:
		t.Errorf("the operation succeeded, and %d objects are there, want %d", there, operation.want)
	case err != nil && operation.class == isKey && there != 0:
		t.Errorf("after the error %v, %d keys are there that nobody knows of", err, there)
	case err != nil && kind.Commits && !strings.Contains(err.Error(), operation.id):
		t.Errorf("the error does not name %q: %v", operation.id, err)
	}
	if err == nil || operation.class == isKey {
		return
	}
	if again := operation.run(t.Context(), w); again != nil {
		t.Errorf("once more, without faults: %v", again)
	}
	if there := count(); there != operation.want {
		t.Errorf("after another try, %d objects are there, want %d", there, operation.want)
	}
}

// Kinds and operations that are named in the tables exist.
func TestFaultMatrixNamesWhatExists(t *testing.T) {
	t.Parallel()
	for _, table := range []map[string]map[string]string{outcomesOfOne, outcomesOfMany, {"": refusals}} {
		for class, outcomes := range table {
			if class != "" && !slices.ContainsFunc(matrixOperations, func(o matrixOperation) bool { return o.class == class }) {
				t.Errorf("no operation is of the class %q", class)
			}
			for kind := range outcomes {
				if !slices.Contains(localserver.FaultNames(), kind) {
					t.Errorf("no fault is of the kind %q", kind)
				}
			}
		}
	}
}
