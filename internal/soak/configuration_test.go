// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package soak_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// thing is a resource of a random configuration.
type thing struct {
	kind, name string
	// uses are the addresses of the resources that it refers to.
	uses []string
	// arguments is the inside of its block.
	arguments string
	// want is what the server holds of it, as a world writes it: "" when that is chosen by
	// the server. Addresses of security categories in it stand for their names.
	want string
	// title is the name of a security category or of a group of CDF.
	title string
}

func (t thing) address() string { return t.kind + "." + t.name }

// author writes random configurations, and changes them.
type author struct {
	dice   *rand.Rand
	things map[string]thing
	// settled are the wants of the configuration that was applied before: what is given up
	// in one place cannot be made in another by the same apply, since Terraform may do the
	// latter first.
	settled map[string]int
	users   []string // all that have ever been
	serial  int
}

func newAuthor(dice *rand.Rand) *author {
	return &author{dice: dice, things: map[string]thing{}, settled: map[string]int{}}
}

// change grows the configuration to a number of objects, or changes a third of it.
func (a *author) change(objects uint64) {
	if len(a.things) == 0 {
		for range 4 * objects {
			if uint64(len(a.things)) < objects {
				a.add()
			}
		}
		return
	}
	for range max(1, objects/3) {
		switch some := a.some(""); {
		case some == "":
			a.add()
		case a.dice.IntN(4) == 0 && uint64(len(a.things)) > objects/2:
			a.remove(some)
		case a.dice.IntN(3) == 0:
			a.add()
		default:
			old := a.things[some]
			a.make(old.kind, old.name)
		}
	}
}

// clear takes everything out.
func (a *author) clear() { clear(a.things) }

// settle notes that the configuration has been applied.
func (a *author) settle() { a.settled = a.wants() }

// add adds a resource of a random kind.
func (a *author) add() {
	dice := a.dice.IntN(100)
	for _, m := range makers {
		if dice -= m.share; dice < 0 {
			name := fmt.Sprintf("%c%d", m.kind[len("iam_")], a.dice.IntN(1000))
			if _, there := a.things[m.kind+"."+name]; !there {
				a.make(m.kind, name)
			}
			return
		}
	}
}

// make writes a resource anew, unless it would collide with another.
func (a *author) make(kind, name string) {
	for _, m := range makers {
		if m.kind != kind {
			continue
		}
		made := thing{kind: kind, name: name}
		if !m.write(a, &made) {
			return
		}
		own := a.things[made.address()].want
		if made.want != "" && made.want != own && (a.wants()[made.want] > 0 || a.settled[made.want] > 0) {
			return
		}
		a.things[made.address()] = made
	}
}

// remove takes a resource out, with all that refer to it.
func (a *author) remove(address string) {
	delete(a.things, address)
	for _, other := range slices.Sorted(maps.Keys(a.things)) {
		if slices.Contains(a.things[other].uses, address) {
			a.remove(other)
		}
	}
}

// some answers the address of a random resource of a kind, "" when there is none.
func (a *author) some(kind string) string {
	addresses := slices.DeleteFunc(slices.Sorted(maps.Keys(a.things)), func(address string) bool {
		return !strings.HasPrefix(address, kind)
	})
	if len(addresses) == 0 {
		return ""
	}
	return addresses[a.dice.IntN(len(addresses))]
}

// next is a number that was never used before.
func (a *author) next() int {
	a.serial++
	return a.serial
}

func (a *author) hcl() string {
	var text strings.Builder
	for _, address := range slices.Sorted(maps.Keys(a.things)) {
		t := a.things[address]
		fmt.Fprintf(&text, "resource %q %q {\n%s}\n", t.kind, t.name, t.arguments)
	}
	return text.String()
}

// wants counts what the server is to hold.
func (a *author) wants() map[string]int {
	var titles []string
	for _, t := range a.things {
		if t.title != "" {
			titles = append(titles, t.address()+"!", t.title)
		}
	}
	names := strings.NewReplacer(titles...)
	wants := map[string]int{}
	for _, t := range a.things {
		if t.want != "" {
			wants[names.Replace(t.want)]++
		}
	}
	return wants
}
