// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func TestConnectionOpensOnce(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	board := newShelf()
	connection := entity.NewConnection(func() (*shelf, error) {
		opened.Add(1)
		return board, nil
	})
	if opened.Load() != 0 {
		t.Error("the connection was opened before it was used")
	}
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			if api, err := connection.API(); api != board || err != nil {
				t.Errorf("API answered %p and error %v, want the one shelf", api, err)
			}
		})
	}
	wait.Wait()
	if opened.Load() != 1 {
		t.Errorf("the connection was opened %d times, want once", opened.Load())
	}
}

func TestConnectionThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	var none *entity.Connection[*shelf]
	if _, err := none.API(); err == nil || err.Error() != "the provider has not been configured" {
		t.Errorf("no connection: got error %v", err)
	}
	var unknownArgument *entity.UnknownArgumentError
	if _, err := notYetKnown().API(); !errors.As(err, &unknownArgument) || unknownArgument.Argument != "shelf.address" {
		t.Errorf("unknown argument: got error %v, want an UnknownArgumentError", err)
	}
	failing := entity.NewConnection(func() (*shelf, error) { return nil, errBroken })
	for range 2 {
		if _, err := failing.API(); !errors.Is(err, errBroken) {
			t.Errorf("failing: got error %v, want what open answered", err)
		}
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          "",
		"no endpoint is set":        "No endpoint is set.",
		"it is done.":               "It is done.",
		"is it done?":               "Is it done?",
		"do not!":                   "Do not!",
		"it failed (at last)":       "It failed (at last).",
		"createUser: it exists":     "createUser: it exists.",
		"lakeFS: no endpoint":       "lakeFS: no endpoint.",
		"statement[0] is empty":     "statement[0] is empty.",
		"iam_lakefs_user is a type": "iam_lakefs_user is a type.",
		`"etl" is taken`:            `"etl" is taken.`,
		"éclair":                    "éclair.",
		"x":                         "X.",
	} {
		if diff := cmp.Diff(want, entity.Sentence(text)); diff != "" {
			t.Errorf("Sentence(%q) (-want +got):\n%s", text, diff)
		}
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	reads := entity.Occasion{Name: "read", Calls: []entity.Call{{Operation: "readNote"}}}
	creates := entity.Occasion{Name: "create", Calls: []entity.Call{{Operation: "readNote"}, {Operation: "createNote"}}}
	updates := entity.Occasion{Name: "update", Calls: []entity.Call{{Operation: "updateNote", Only: "when the text changes"}}}
	destroys := entity.Occasion{Name: "destroy", Calls: []entity.Call{{Operation: "deleteNote"}}}
	complete := note(connected(newShelf()))
	replacing, unread := complete, complete
	replacing.Update, unread.Reads = nil, nil
	opens := entity.Occasion{Name: "open", Calls: []entity.Call{{Operation: "readNote"}}}
	closes := entity.Occasion{Name: "close", Calls: []entity.Call{{Operation: "updateNote"}}}
	lent, left := loan(connected(newShelf())), loan(connected(newShelf()))
	left.CloseCalls = nil
	shouts := entity.Occasion{Name: "invoke", Calls: []entity.Call{{Operation: "readNote"}, {Operation: "shoutNote"}}}
	for _, test := range []struct {
		name string
		of   any
		want []entity.Occasion
	}{
		{"resource", entity.New(complete)(), []entity.Occasion{reads, creates, updates, destroys}},
		{"resource without update", entity.New(replacing)(), []entity.Occasion{reads, creates, destroys}},
		{"resource that reads nothing", entity.New(unread)(), []entity.Occasion{creates, updates, destroys}},
		{"data source", entity.NewDataSource(lookup(connected(newShelf())))(), []entity.Occasion{reads}},
		{"ephemeral resource", entity.NewEphemeral(lent)(), []entity.Occasion{opens, closes}},
		{"action", entity.NewAction(shout(connected(newShelf())))(), []entity.Occasion{shouts}},
		{"ephemeral resource that is only opened", entity.NewEphemeral(left)(), []entity.Occasion{opens}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			operator, ok := test.of.(entity.Operator)
			if !ok {
				t.Fatalf("%T is no Operator", test.of)
			}
			if diff := cmp.Diff(test.want, operator.Operations()); diff != "" {
				t.Errorf("Operations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFacts(t *testing.T) {
	t.Parallel()
	for name, updates := range map[string]bool{"updating": true, "replacing": false} {
		definition := note(connected(newShelf()))
		if !updates {
			definition.Update = nil
		} else {
			definition.Moves = theMoves
		}
		described, ok := entity.New(definition)().(entity.Described)
		if !ok {
			t.Fatal("the resource is not Described")
		}
		want := entity.Facts{TypeName: "iam_shelf_note", UpdatesInPlace: updates, Imports: definition.Imports, Identity: definition.Identity}
		if updates {
			want.Moves = []string{"shelf_sheet", "shelf_sticker"}
		}
		if diff := cmp.Diff(want, described.Facts()); diff != "" {
			t.Errorf("Facts of the %s definition (-want +got):\n%s", name, diff)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{
		"":                                 nil,
		"one, 日本":                          {"one", "日本"},
		"a��b, �[2Jc":                      {"a\r\nb", "\x1b[2Jc"},
		strings.Repeat("é", 2000) + "…":    {strings.Repeat("é", 2001)},
		strings.Repeat("a, ", 666) + "a,…": slices.Repeat([]string{"a"}, 5000),
	} {
		if got := entity.Names(names); got != want {
			t.Errorf("Names(%q) = %q, want %q", names, got, want)
		}
	}
}
