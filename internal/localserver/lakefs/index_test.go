// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// TestIndexBehavesLikeASortedSlice adds, removes and reads keys at random.
func TestIndexBehavesLikeASortedSlice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var x index
		var model []string
		key := rapid.StringMatching(`[a-c]{0,3}`)
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				k := key.Draw(t, "key")
				position, found := slices.BinarySearch(model, k)
				if added := x.add(k); added == found {
					t.Fatalf("add(%q) = %v", k, added)
				}
				if !found {
					model = slices.Insert(model, position, k)
				}
			},
			"remove": func(t *rapid.T) {
				k := key.Draw(t, "key")
				x.remove(k)
				model = slices.DeleteFunc(model, func(other string) bool { return other == k })
			},
			"": func(t *rapid.T) {
				start := key.Draw(t, "start")
				position, found := slices.BinarySearch(model, start)
				if x.has(start) != found {
					t.Fatalf("has(%q) = %v", start, !found)
				}
				got := slices.Collect(x.from(start))
				if diff := cmp.Diff(model[position:], got, cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("from(%q) (-want +got):\n%s", start, diff)
				}
			},
		})
	})
}

// TestIndexSplitsBlocks grows an index beyond one block and empties it again.
func TestIndexSplitsBlocks(t *testing.T) {
	t.Parallel()
	const count = 5*blockSize + 7
	var x index
	var want []string
	for i := range count {
		key := strconv.Itoa(i * 7919 % count)
		x.add(key)
		want = append(want, key)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Collect(x.from(""))); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	for _, block := range x.blocks {
		if len(block) == 0 || len(block) > blockSize {
			t.Errorf("a block has %d keys", len(block))
		}
	}
	for key := range x.from("") {
		if key == "9" {
			break
		}
	}
	for _, key := range want {
		x.remove(key)
	}
	if len(x.blocks) > 0 {
		t.Errorf("%d blocks are left", len(x.blocks))
	}
}

func TestEmptyIndex(t *testing.T) {
	t.Parallel()
	var none *index
	none.remove("a")
	if none.has("a") || len(slices.Collect(none.from(""))) > 0 {
		t.Error("a nil index is not empty")
	}
}
