// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

func TestCDFCreate(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		made, err := c.create(t.Context(), w.CDF)
		c.wantMade(t, w, made, err)
		w.wantCDFWrites(t, c, 1)
	})
}

func TestCDFCreateTakesNothingOver(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		id, err := c.beside(t.Context(), w.beside)
		must(t, err)
		_, err = c.create(t.Context(), w.CDF)
		c.wantCDFExists(t, err, id)
		w.wantCDFWrites(t, c, 0)
	})
}

// Two resources of one configuration that make the same object are an error, also
// when they do so at once.
func TestCDFCreateByManyAtOnce(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		const callers = 16
		results := make([]error, callers)
		var wait sync.WaitGroup
		for i := range callers {
			wait.Go(func() { _, results[i] = c.create(t.Context(), w.CDF) })
		}
		wait.Wait()
		made := 0
		for _, err := range results {
			_, claimed := errors.AsType[*snapshot.ClaimedError](err)
			_, exists := errors.AsType[*snapshot.ExistsError](err)
			switch {
			case err == nil:
				made++
			case !claimed && !exists:
				t.Errorf("got error %v, want a ClaimedError or an ExistsError", err)
			}
		}
		if made != 1 || len(c.there(t, w)) != 1 {
			t.Errorf("%d callers made %d objects, want one and one", made, len(c.there(t, w)))
		}
	})
}

// Groups of one name and other content are different groups.
func TestCDFCreateGroupsOfOneName(t *testing.T) {
	t.Parallel()
	w := newCDFWorld(t, localserver.Options{})
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			capabilities := strings.Replace(assetsReader, `"all":{}`, `"datasetScope":{"ids":[`+strconv.Itoa(i)+`]}`, 1)
			if _, twins, err := w.CreateGroup(t.Context(), newCDFGroup("new", capabilities)); err != nil || len(twins) > 0 {
				t.Errorf("create %d: twins %v and error %v", i, twins, err)
			}
		})
	}
	wait.Wait()
	if made := cdfCreations[0].there(t, w); len(made) != 8 {
		t.Errorf("the server has %d groups of the name, want 8", len(made))
	}
}

func TestCDFCreateRefused(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		w.network.breaks(fault{request: c.write, times: 1, happen: refusing(http.StatusBadRequest, "no such thing")})
		_, err := c.create(t.Context(), w.CDF)
		if httpapi.StatusOf(err) != http.StatusBadRequest {
			t.Errorf("got error %v, want the server's 400", err)
		}
		if len(w.clock.sleeps()) != 0 {
			t.Error("a plain refusal was tried again")
		}
		// Nobody holds the object now, so another resource may create it.
		made, err := c.create(t.Context(), w.CDF)
		c.wantMade(t, w, made, err)
	})
}

func TestCDFCreateWithoutKnowingWhatIsThere(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		w.network.breaks(fault{request: c.look, times: 1, happen: refusing(http.StatusInternalServerError, "broken")})
		_, err := c.create(t.Context(), w.CDF)
		if httpapi.StatusOf(err) != http.StatusInternalServerError {
			t.Errorf("got error %v, want the server's 500", err)
		}
		w.wantCDFWrites(t, c, 0)
	})
}

const (
	// makersOnly may make objects, but not list them.
	makersOnly = `[{"groupsAcl":{"actions":["CREATE","DELETE"],"scope":{"all":{}}}},
	  {"securityCategoriesAcl":{"actions":["CREATE","DELETE"],"scope":{"all":{}}}}]`
	// ownListers may list their own groups only.
	ownListers = `[{"groupsAcl":{"actions":["CREATE","DELETE"],"scope":{"all":{}}}},
	  {"groupsAcl":{"actions":["LIST"],"scope":{"currentuserscope":{}}}}]`
)

// A caller that may make objects but not list them is served as far as that goes.
func TestCDFCreateWithoutRightToLook(t *testing.T) {
	t.Parallel()
	t.Run("answered", func(t *testing.T) {
		t.Parallel()
		forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
			w.becomesMember(t, makersOnly)
			made, err := c.create(t.Context(), w.CDF)
			c.wantMade(t, w, made, err)
		})
	})
	t.Run("answer lost", func(t *testing.T) {
		t.Parallel()
		for _, committed := range []bool{true, false} {
			forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
				w.becomesMember(t, makersOnly)
				w.network.breaks(fault{request: c.write, times: 1, happen: lose(committed, io.ErrUnexpectedEOF)})
				_, err := c.create(t.Context(), w.CDF)
				wantUnresolved(t, err, c.kind, c.known)
				if got := unresolved(err); got != nil && !cdfapi.IsNotPermitted(got.Look) {
					t.Errorf("Look is %v, want why the server could not be asked", got.Look)
				}
				w.wantCDFWrites(t, c, 1)
			})
		}
	})
	t.Run("reported, but unreadable", func(t *testing.T) {
		t.Parallel()
		forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
			w.becomesMember(t, makersOnly)
			w.network.breaks(fault{request: c.write, times: 1, happen: notFromTheAPI(true)})
			_, err := c.create(t.Context(), w.CDF)
			wantUnreadable(t, err, c.kind, c.known)
			w.wantCDFWrites(t, c, 1)
		})
	})
	// What is taken is refused by its name, where names are unique.
	t.Run("there", func(t *testing.T) {
		t.Parallel()
		w := newCDFWorld(t, localserver.Options{})
		c := cdfCreations[1]
		_, err := c.beside(t.Context(), w.beside)
		must(t, err)
		w.becomesMember(t, makersOnly)
		_, err = c.create(t.Context(), w.CDF)
		c.wantCDFExists(t, err, 0)
	})
}

// A caller that may list its own groups only gets a listing that is shorter
// without saying so. What is not in it may be there all the same.
func TestCDFCreateGroupWithPartialListing(t *testing.T) {
	t.Parallel()
	for name, committed := range map[string]bool{"committed": true, "not committed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c := newCDFWorld(t, localserver.Options{}), cdfCreations[0]
			w.becomesMember(t, ownListers)
			w.network.breaks(fault{request: c.write, times: 1, happen: lose(committed, io.ErrUnexpectedEOF)})
			_, err := c.create(t.Context(), w.CDF)
			wantUnresolved(t, err, c.kind, c.known)
			w.wantCDFWrites(t, c, 1)
		})
	}
}

// The resource that made a category holds its name until the category is deleted.
func TestCDFCategoryHoldsItsName(t *testing.T) {
	t.Parallel()
	w, c := newCDFWorld(t, localserver.Options{}), cdfCreations[1]
	made, err := c.create(t.Context(), w.CDF)
	must(t, err)
	_, err = c.create(t.Context(), w.CDF)
	if claimed, ok := errors.AsType[*snapshot.ClaimedError](err); !ok || claimed.ID != "new" {
		t.Errorf("second create: got error %v, want a ClaimedError", err)
	}
	must(t, c.remove(t.Context(), w.CDF, made))
	made, err = c.create(t.Context(), w.CDF)
	c.wantMade(t, w, made, err)
}

// A command that is cancelled before anything is sent sends nothing.
func TestCDFCreateCancelledBefore(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.create(ctx, w.CDF); !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want that of the context", err)
		}
		if sent := w.network.requests(""); len(sent) > 0 {
			t.Errorf("sent %v, want nothing", sent)
		}
	})
}
