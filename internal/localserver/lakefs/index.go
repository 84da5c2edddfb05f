// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"iter"
	"slices"
)

// blockSize is the largest number of keys in one block of an index. Inserting
// moves at most this many strings, so a server with 100,000 users stays quick.
const blockSize = 512

// index is a set of strings in byte order: sorted blocks of limited size. The
// zero value and a nil *index are empty sets; only a non-nil one can grow.
type index struct {
	blocks [][]string
}

// locate returns the block and the position where key is or would be inserted.
func (x *index) locate(key string) (block, position int, found bool) {
	block, _ = slices.BinarySearchFunc(x.blocks, key, func(b []string, key string) int {
		if b[len(b)-1] < key {
			return -1
		}
		return 1
	})
	if block == len(x.blocks) {
		return block, 0, false
	}
	position, found = slices.BinarySearch(x.blocks[block], key)
	return block, position, found
}

// has reports whether key is in the set.
func (x *index) has(key string) bool {
	if x == nil {
		return false
	}
	_, _, found := x.locate(key)
	return found
}

// add inserts key and reports whether it was new.
func (x *index) add(key string) bool {
	block, position, found := x.locate(key)
	if found {
		return false
	}
	if block == len(x.blocks) {
		if block == 0 {
			x.blocks = [][]string{{key}}
			return true
		}
		block--
		position = len(x.blocks[block])
	}
	keys := slices.Insert(x.blocks[block], position, key)
	x.blocks[block] = keys
	if len(keys) > blockSize {
		half := len(keys) / 2
		x.blocks[block] = slices.Clip(keys[:half])
		x.blocks = slices.Insert(x.blocks, block+1, slices.Clone(keys[half:]))
	}
	return true
}

// remove takes key out of the set, if it is there.
func (x *index) remove(key string) {
	if x == nil {
		return
	}
	block, position, found := x.locate(key)
	if !found {
		return
	}
	x.blocks[block] = slices.Delete(x.blocks[block], position, position+1)
	if len(x.blocks[block]) == 0 {
		x.blocks = slices.Delete(x.blocks, block, block+1)
	}
}

// from yields the keys in order, beginning with the first one that is not
// smaller than start.
func (x *index) from(start string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if x == nil {
			return
		}
		block, position, _ := x.locate(start)
		for ; block < len(x.blocks); block++ {
			for _, key := range x.blocks[block][position:] {
				if !yield(key) {
					return
				}
			}
			position = 0
		}
	}
}
