// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// besideGroups makes groups named "new" past the snapshot.
func besideGroups(t *testing.T, w *cdfWorld, count int) []int64 {
	t.Helper()
	ids := make([]int64, count)
	for i := range ids {
		var err error
		ids[i], err = cdfCreations[0].beside(t.Context(), w.beside)
		must(t, err)
	}
	return ids
}

// Who replaces a group makes the new one whatever else is there, and is told of
// others that look like it.
func TestCDFCreateGroupInPlaceOfAnother(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		twins int // beside the group that is replaced
		lost  happening
	}{
		{"alone", 0, nil},
		{"beside twins", 2, nil},
		{"beside twins, answer lost", 2, lose(true, io.ErrUnexpectedEOF)},
		{"beside twins, request lost", 2, lose(false, io.ErrUnexpectedEOF)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, c := newCDFWorld(t, localserver.Options{}), cdfCreations[0]
			there := besideGroups(t, w, 1+test.twins)
			if test.lost != nil {
				w.network.breaks(fault{request: c.write, times: 1, happen: test.lost})
			}
			creation := newCDFGroup("new", assetsReader)
			creation.Replaces = there[:1]
			made, twins, err := w.CreateGroup(t.Context(), creation)
			c.wantMade(t, w, made.ID, err, there...)
			if !slices.Equal(there[1:], twins) {
				t.Errorf("twins %v, want %v", twins, there[1:])
			}
		})
	}
}

// Where several groups came to be that may be the one that was made, none is taken.
func TestCDFCreateGroupAmbiguous(t *testing.T) {
	t.Parallel()
	w, c := newCDFWorld(t, localserver.Options{}), cdfCreations[0]
	w.network.breaks(fault{request: c.write, times: 1, happen: func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
		_ = deliver().Body.Close()
		_, err := c.beside(t.Context(), w.beside)
		must(t, err)
		return nil, io.ErrUnexpectedEOF
	}})
	_, err := c.create(t.Context(), w.CDF)
	ambiguous, ok := errors.AsType[*snapshot.AmbiguousError](err)
	if !ok {
		t.Fatalf("got error %v, want an AmbiguousError", err)
	}
	want := snapshot.AmbiguousError{Kind: c.kind, Name: "new", IDs: c.there(t, w)}
	if diff := cmp.Diff(want, *ambiguous); diff != "" || len(ambiguous.IDs) != 2 {
		t.Errorf("AmbiguousError (-want +got):\n%s", diff)
	}
	for _, id := range ambiguous.IDs {
		if !strings.Contains(err.Error(), strconv.FormatInt(id, 10)) {
			t.Errorf("the error does not name the group %d: %v", id, err)
		}
	}
	w.wantCDFWrites(t, c, 1)
}

// A deleted group is gone, also where the server goes on listing it, and its twin
// may be made anew. It counts against the limit of the project.
func TestCDFDeletedGroups(t *testing.T) {
	t.Parallel()
	for _, listed := range []bool{false, true} {
		t.Run(strconv.FormatBool(listed), func(t *testing.T) {
			t.Parallel()
			w := newCDFWorld(t, localserver.Options{CDF: cdf.Options{ListDeletedGroups: listed}})
			count, err := w.CountGroups(t.Context())
			must(t, err)
			first, err := cdfCreations[0].create(t.Context(), w.CDF)
			must(t, err)
			must(t, w.DeleteGroup(t.Context(), first))
			if _, found, err := w.GetGroup(t.Context(), first); found || err != nil {
				t.Errorf("a deleted group: found %t, error %v", found, err)
			}
			if again, err := cdfCreations[0].create(t.Context(), w.CDF); err != nil || again == first {
				t.Errorf("made again: id %d, error %v", again, err)
			}
			for _, all := range []bool{true, false} {
				groups, err := w.ListGroups(t.Context(), all)
				if err != nil || slices.ContainsFunc(groups, func(g cdfapi.Group) bool { return g.IsDeleted }) {
					t.Errorf("the list with all = %t: %v, error %v", all, groups, err)
				}
			}
			after, err := w.CountGroups(t.Context())
			want := count + 1
			if listed {
				want++
			}
			if err != nil || after != want {
				t.Errorf("counted %d groups (%v), want %d", after, err, want)
			}
		})
	}
}

func TestCDFGetGroup(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name         string
		capabilities string // "" for the administrator
		broken       bool   // the list cannot be had
		found        bool   // a group that the caller is not in
		hidden       bool
		cause        string
	}{
		{name: "listing all", found: true},
		{name: "broken", broken: true},
		{name: "without LIST", capabilities: makersOnly, hidden: true, cause: "403"},
		{name: "listing its own", capabilities: partListers, hidden: true, cause: "right to list does not cover all"},
		{
			name: "listing all, by a right that is limited to projects", found: true,
			capabilities: `[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["local"]}}]`,
		},
		{
			name: "listing its own, with a right in another project", hidden: true, cause: "does not cover all",
			capabilities: `[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["elsewhere"]}},
			  {"groupsAcl":{"actions":["LIST"],"scope":{"currentuserscope":{}}}}]`,
		},
		{
			name: "beside capabilities that make no sense", found: true,
			capabilities: `["nonsense", {"groupsAcl":{"actions":"LIST","scope":{"all":{}}}}, {"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}}]`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newCDFWorld(t, localserver.Options{})
			id := besideGroups(t, w, 1)[0]
			if test.capabilities != "" {
				w.becomesMember(t, test.capabilities)
			}
			if test.broken {
				w.network.breaks(fault{request: "GET ", times: -1, happen: refusing(http.StatusInternalServerError, "broken")})
			}
			group, found, err := w.GetGroup(t.Context(), id)
			wantFound(t, "the group", group, found, err, test.found, test.hidden, test.broken)
			gone, found, err := w.GetGroup(t.Context(), id+1)
			wantFound(t, "no group", gone, found, err, false, test.hidden, test.broken)
			if test.cause != "" && !strings.Contains(err.Error(), test.cause) {
				t.Errorf("the error is %v, want it to say %q", err, test.cause)
			}
		})
	}
}

// A group whose answer cannot be read is neither gone nor in the way of others.
func TestCDFUnreadableGroup(t *testing.T) {
	t.Parallel()
	w := newCDFWorld(t, localserver.Options{})
	w.network.breaks(fault{request: "GET " + cdfGroups, times: -1, happen: reply(false, http.StatusOK, "application/json",
		`{"items":[{"id":1,"name":"a","members":"everyone"},{"id":2,"name":"b"}]}`)})
	if group, found, err := w.GetGroup(t.Context(), 2); err != nil || !found || group.Name != "b" {
		t.Errorf("the other: got %v, %t and error %v", group, found, err)
	}
	_, found, err := w.GetGroup(t.Context(), 1)
	if found || err == nil || !strings.Contains(err.Error(), `the group 1 in a shape that the API does not document: the members are neither`) {
		t.Errorf("the one: found %t, error %v", found, err)
	}
}

func wantFound(t *testing.T, what string, group cdfapi.Group, found bool, err error, there, hidden, broken bool) {
	t.Helper()
	_, isHidden := errors.AsType[*snapshot.HiddenError](err)
	if found != there || isHidden != hidden || (err != nil) != (hidden || broken) {
		t.Errorf("%s: found %t and error %v, want found %t, hidden %t and broken %t", what, found, err, there, hidden, broken)
	}
	if found && group.Name != "new" {
		t.Errorf("%s is %q", what, group.Name)
	}
}

func TestCDFGetSecurityCategory(t *testing.T) {
	t.Parallel()
	w := newCDFWorld(t, localserver.Options{PageSize: 2})
	made := map[string]int64{}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		category, err := w.CreateSecurityCategory(t.Context(), name)
		must(t, err)
		made[name] = category.ID
	}
	for name, id := range made {
		byID, found, err := w.GetSecurityCategory(t.Context(), id)
		if err != nil || !found || byID.Name != name {
			t.Errorf("by the id of %q: got %v, %t and error %v", name, byID, found, err)
		}
		byName, found, err := w.GetSecurityCategoryByName(t.Context(), name)
		if err != nil || !found || byName.ID != id {
			t.Errorf("by the name %q: got %v, %t and error %v", name, byName, found, err)
		}
	}
	if _, found, err := w.GetSecurityCategory(t.Context(), 1); found || err != nil {
		t.Errorf("by an unknown id: found %t, error %v", found, err)
	}
	if _, found, err := w.GetSecurityCategoryByName(t.Context(), "f"); found || err != nil {
		t.Errorf("by an unknown name: found %t, error %v", found, err)
	}
	w.network.breaks(fault{request: "GET ", times: -1, happen: refusing(http.StatusInternalServerError, "broken")})
	if category, found, err := w.GetSecurityCategory(t.Context(), made["a"]); !found || err != nil || category.Name != "a" {
		t.Errorf("asked again: got %v, %t and error %v", category, found, err)
	}
	if _, found, err := w.GetSecurityCategory(t.Context(), 1); found || httpapi.StatusOf(err) != http.StatusInternalServerError {
		t.Errorf("without a list: found %t, error %v", found, err)
	}
}

// A caller that may list one category only is not told that there are others.
func TestCDFSecurityCategoryOutsideOfThePart(t *testing.T) {
	t.Parallel()
	w := newCDFWorld(t, localserver.Options{})
	made := map[string]int64{}
	for _, name := range []string{"seen", "unseen"} {
		category, err := w.CreateSecurityCategory(t.Context(), name)
		must(t, err)
		made[name] = category.ID
	}
	w.becomesMember(t, fmt.Sprintf(`[{"securityCategoriesAcl":{"actions":["LIST"],"scope":{"idscope":{"ids":[%d]}}}},
	  {"securityCategoriesAcl":{"actions":["DELETE"],"scope":{"all":{}}}}]`, made["seen"]))
	if category, found, err := w.GetSecurityCategory(t.Context(), made["seen"]); err != nil || !found || category.Name != "seen" {
		t.Errorf("the one: got %v, %t and error %v", category, found, err)
	}
	_, found, err := w.GetSecurityCategory(t.Context(), made["unseen"])
	hidden, ok := errors.AsType[*snapshot.HiddenError](err)
	if found || !ok || hidden.ID != strconv.FormatInt(made["unseen"], 10) {
		t.Errorf("the other: found %t and error %v, want a HiddenError", found, err)
	}
	w.network.breaks(fault{request: "POST " + cdfCategories + "/delete", times: -1, happen: badGateway(false)})
	if err := w.DeleteSecurityCategory(t.Context(), made["unseen"], "unseen"); httpapi.StatusOf(err) != http.StatusBadGateway {
		t.Errorf("delete: got error %v, want the 502", err)
	}
}

func TestCDFDelete(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		absent bool
		// fault happens to every delete, look to every look after it.
		fault, look happening
		status      int
		stays       bool
	}{
		{name: "at once"},
		{name: "gone", absent: true},
		{name: "answer lost after commit", fault: lose(true, io.ErrUnexpectedEOF)},
		{name: "bad gateway after commit", fault: badGateway(true)},
		{name: "bad gateway before commit", fault: badGateway(false), status: http.StatusBadGateway, stays: true},
		{name: "broken", fault: refusing(http.StatusInternalServerError, "broken"), status: http.StatusInternalServerError, stays: true},
		{name: "refused", fault: refusing(http.StatusForbidden, "no"), status: http.StatusForbidden, stays: true},
		{
			name: "answer lost and not readable", fault: badGateway(true),
			look: refusing(http.StatusForbidden, "no"), status: http.StatusBadGateway,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
				id, err := c.beside(t.Context(), w.beside)
				must(t, err)
				if test.absent {
					must(t, c.remove(t.Context(), snapshot.NewCDF(w.beside), id))
				}
				if test.fault != nil {
					w.network.breaks(fault{request: c.write + "/delete", times: -1, happen: test.fault})
				}
				if test.look != nil {
					w.network.breaks(fault{request: c.look, times: -1, happen: test.look})
				}
				err = c.remove(t.Context(), w.CDF, id)
				if httpapi.StatusOf(err) != test.status || (err != nil) != (test.status != 0) {
					t.Errorf("got error %v, want status %d", err, test.status)
				}
				if there := len(c.there(t, w)) > 0; there != test.stays {
					t.Errorf("the object is there: %t, want %t", there, test.stays)
				}
			})
		})
	}
}

// Deletes are not finished when their command is cancelled: what became of them
// shows by itself.
func TestCDFDeleteCancelled(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		id, err := c.beside(t.Context(), w.beside)
		must(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.remove(ctx, w.CDF, id); !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want that of the context", err)
		}
		if there := c.there(t, w); len(there) != 1 {
			t.Errorf("the server has %v, want the object", there)
		}
	})
}
