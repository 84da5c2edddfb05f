// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

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
	// partListers may list some of them only.
	partListers = `[{"groupsAcl":{"actions":["CREATE","DELETE"],"scope":{"all":{}}}},
	  {"groupsAcl":{"actions":["LIST"],"scope":{"currentuserscope":{}}}},
	  {"securityCategoriesAcl":{"actions":["CREATE","DELETE"],"scope":{"all":{}}}},
	  {"securityCategoriesAcl":{"actions":["LIST"],"scope":{"idscope":{"ids":[1]}}}}]`
)

// Nothing is made by a caller that may not list what is there: it could not tell a
// twin, nor read back what it has made.
func TestCDFCreateWithoutRightToList(t *testing.T) {
	t.Parallel()
	for name, capabilities := range map[string]string{"no list": makersOnly, "a part of the list": partListers} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
				w.becomesMember(t, capabilities)
				_, err := c.create(t.Context(), w.CDF)
				unlisted, ok := errors.AsType[*snapshot.UnlistedError](err)
				if !ok || unlisted.Kind != c.kind || unlisted.ID != "new" {
					t.Errorf("got error %v, want an UnlistedError", err)
				}
				w.wantCDFWrites(t, c, 0)
			})
		})
	}
	t.Run("in place of another group", func(t *testing.T) {
		t.Parallel()
		w := newCDFWorld(t, localserver.Options{})
		creation := newCDFGroup("new", assetsReader)
		creation.Replaces = besideGroups(t, w, 1)
		w.becomesMember(t, partListers)
		_, _, err := w.CreateGroup(t.Context(), creation)
		if _, ok := errors.AsType[*snapshot.UnlistedError](err); !ok {
			t.Errorf("got error %v, want an UnlistedError", err)
		}
		w.wantCDFWrites(t, cdfCreations[0], 0)
	})
}

// A right to list that this process has just granted comes to be known in time.
func TestCDFCreateWaitsForTheRightToList(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		_, _, err := w.CreateGroup(t.Context(), newCDFGroup("grant", assetsReader))
		must(t, err)
		w.network.breaks(fault{request: c.look, times: 2, happen: refusing(http.StatusForbidden, "not yet")})
		made, err := c.create(t.Context(), w.CDF)
		c.wantMade(t, w, made, err)
	})
}

// Two resources that make the same group one after the other are told so.
func TestCDFCreateGroupTwice(t *testing.T) {
	t.Parallel()
	w, c := newCDFWorld(t, localserver.Options{}), cdfCreations[0]
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
