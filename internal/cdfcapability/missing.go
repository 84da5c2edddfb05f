// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Options says how Missing compares.
type Options struct {
	// Project is the project that capabilities of a token inspection are looked at for.
	Project string
	// IgnoreAllScopeMeaning compares permissions one by one: nothing covers anything but
	// itself, not even the scope all.
	IgnoreAllScopeMeaning bool
}

// Missing returns what of the desired capabilities the existing ones do not grant, with one
// action, one scope and one id, text or table each, in canonical order.
//
// The scope all covers every scope of the same ACL and action, a whole RAW database
// its tables, and the action WRITE of dataModelInstancesAcl, in the scope all or in the same space, the
// action WRITE_PROPERTIES. Nothing else covers anything but itself. Legacy ACLs are left
// out on both sides. Names unknown to the catalogue are compared as they are. The findings
// are warnings that tell of names like these among the desired capabilities, each once, and of
// unknown scopes among the existing ones, since nobody knows what they cover. Of existing capabilities with a
// projectScope only those count that hold in the project of the options; other
// members beside an ACL are not looked at.
//
// The error is an InputError: existing capabilities have a projectScope that cannot be
// read, or have one and the options name no project, or some have one and others, of ACLs of
// the catalogue, do not.
func Missing(existing, desired []Capability, o Options) (missing []Capability, findings []Finding, err error) {
	held := holdings{}
	names := nameChecker{told: map[doubt]bool{}}
	filter := existingFilter(existing, o.Project)
	for i := range existing {
		c := &existing[i]
		if isLegacy(c.ACL) {
			continue
		}
		holds, err := filter.holds(c, placeInList{list: "existing", index: i})
		if err != nil {
			return nil, nil, err
		}
		if !holds {
			continue
		}
		held.add(c)
		names.checkHeldScope(c, i)
	}
	lacking := lackings{}
	for i := range desired {
		c := &desired[i]
		names.checkDesired(c, i)
		if isLegacy(c.ACL) {
			continue
		}
		for _, action := range c.Actions {
			lacking.add(held, c, action, o.IgnoreAllScopeMeaning)
		}
	}
	return lacking.capabilities(), names.all(), nil
}

// actionScope is one action of one ACL in one scope.
type actionScope struct {
	acl, action, scope string
}

func (a actionScope) compare(b actionScope) int {
	return cmp.Or(strings.Compare(a.acl, b.acl), strings.Compare(a.action, b.action), strings.Compare(a.scope, b.scope))
}

// table is a table of a RAW database; without a name, the whole database.
type table struct {
	database, name string
}

func compareTables(a, b table) int {
	if order := strings.Compare(a.database, b.database); order != 0 {
		return order
	}
	return strings.Compare(a.name, b.name)
}

// heldValues are the values that one action is held for in one scope. Of a scope
// without values, being there is all.
type heldValues struct {
	ids    map[int64]struct{}
	texts  map[string]struct{}
	tables map[table]struct{}
}

// holdings is what is held, by action and scope.
type holdings map[actionScope]*heldValues

func (h holdings) add(c *Capability) {
	for _, action := range c.Actions {
		key := actionScope{c.ACL, action, c.Scope.Name}
		values := h[key]
		if values == nil {
			values = &heldValues{}
			h[key] = values
		}
		values.add(&c.Scope)
	}
}

func (v *heldValues) add(s *Scope) {
	row, ok := scopesByName[s.Name]
	switch {
	case !ok:
		v.addTexts(canonicalJSON(s.Raw))
	case row.Values == Numbers:
		if v.ids == nil {
			v.ids = make(map[int64]struct{}, len(s.IDs))
		}
		for _, id := range s.IDs {
			v.ids[id] = struct{}{}
		}
	case row.Values == Texts:
		v.addTexts(s.Texts...)
	case row.Values == Tables:
		if v.tables == nil {
			v.tables = make(map[table]struct{}, len(s.Tables))
		}
		for database, names := range s.Tables {
			for _, name := range namesOrWhole(names) {
				v.tables[table{database, name}] = struct{}{}
			}
		}
	}
}

func (v *heldValues) addTexts(texts ...string) {
	if v.texts == nil {
		v.texts = make(map[string]struct{}, len(texts))
	}
	for _, text := range texts {
		v.texts[text] = struct{}{}
	}
}

// wholeDatabase is what an empty list of tables stands for.
var wholeDatabase = []string{""}

func namesOrWhole(names []string) []string {
	if len(names) == 0 {
		return wholeDatabase
	}
	return names
}

// lackedValues are the values that one action lacks in one scope.
type lackedValues struct {
	ids    []int64
	texts  []string
	tables []table
}

// lackings is what is lacking, by action and scope.
type lackings map[actionScope]*lackedValues

// add notes what of one action of a desired capability is not held.
func (l lackings) add(held holdings, c *Capability, action string, plain bool) {
	key := actionScope{c.ACL, action, c.Scope.Name}
	same := held[key]
	if same == nil {
		same = &heldValues{}
	}
	var spaces *heldValues
	if !plain {
		if held.everywhere(c.ACL, action) {
			return
		}
		spaces = held.writtenSpaces(key)
	}
	row, known := scopesByName[c.Scope.Name]
	switch {
	case !known:
		if text := canonicalJSON(c.Scope.Raw); !contains(same.texts, text) {
			l.at(key).texts = append(l.at(key).texts, text)
		}
	case row.Values == NoValues:
		if held[key] == nil {
			l.at(key)
		}
	case row.Values == Numbers:
		l.addIDs(key, same, c.Scope.IDs)
	case row.Values == Texts:
		l.addTexts(key, same, spaces, c.Scope.Texts)
	default:
		l.addTables(key, same, c, plain)
	}
}

// everywhere reports whether an action is held in the scope all, or by another action
// that includes it.
func (h holdings) everywhere(acl, action string) bool {
	return h[actionScope{acl, action, scopeAll}] != nil ||
		acl == aclInstances && action == actionWriteProperties && h[actionScope{acl, actionWrite, scopeAll}] != nil
}

// writtenSpaces gives the spaces whose instances may be written, where that is of use for the
// desired action. As in the Python SDK, the scope of the past profits, too.
func (h holdings) writtenSpaces(key actionScope) *heldValues {
	if key.acl != aclInstances || key.action != actionWriteProperties || key.scope != scopeSpaces && key.scope != scopeLegacySpaces {
		return nil
	}
	return h[actionScope{key.acl, actionWrite, scopeSpaces}]
}

func (l lackings) at(key actionScope) *lackedValues {
	values := l[key]
	if values == nil {
		values = &lackedValues{}
		l[key] = values
	}
	return values
}

func (l lackings) addIDs(key actionScope, same *heldValues, ids []int64) {
	var lacked *lackedValues
	for _, id := range ids {
		if contains(same.ids, id) {
			continue
		}
		if lacked == nil {
			lacked = l.at(key)
		}
		lacked.ids = append(lacked.ids, id)
	}
}

func (l lackings) addTexts(key actionScope, same, spaces *heldValues, texts []string) {
	var lacked *lackedValues
	for _, text := range texts {
		if contains(same.texts, text) || spaces != nil && contains(spaces.texts, text) {
			continue
		}
		if lacked == nil {
			lacked = l.at(key)
		}
		lacked.texts = append(lacked.texts, text)
	}
}

func (l lackings) addTables(key actionScope, same *heldValues, c *Capability, plain bool) {
	var lacked *lackedValues
	for database, names := range c.Scope.Tables {
		if !plain && c.ACL == aclRaw && contains(same.tables, table{database, ""}) {
			continue
		}
		for _, name := range namesOrWhole(names) {
			if contains(same.tables, table{database, name}) {
				continue
			}
			if lacked == nil {
				lacked = l.at(key)
			}
			lacked.tables = append(lacked.tables, table{database, name})
		}
	}
}

// capabilities gives what is lacking, each once, in canonical order.
func (l lackings) capabilities() []Capability {
	keys := slices.SortedFunc(maps.Keys(l), actionScope.compare)
	total := 0
	for _, key := range keys {
		l[key].normalize()
		total += max(1, len(l[key].ids)+len(l[key].texts)+len(l[key].tables))
	}
	list := make([]Capability, 0, total)
	for _, key := range keys {
		list = l[key].appendTo(list, key)
	}
	return list
}

func (v *lackedValues) normalize() {
	slices.Sort(v.ids)
	v.ids = slices.Compact(v.ids)
	slices.Sort(v.texts)
	v.texts = slices.Compact(v.texts)
	slices.SortFunc(v.tables, compareTables)
	v.tables = slices.Compact(v.tables)
}

// appendTo appends a capability for each value. They share memory, each its own part of it.
func (v *lackedValues) appendTo(list []Capability, key actionScope) []Capability {
	c := Capability{ACL: key.acl, Scope: Scope{Name: key.scope}}
	row, known := scopesByName[key.scope]
	total := max(1, len(v.ids)+len(v.texts)+len(v.tables))
	actions := slices.Repeat([]string{key.action}, total)
	for i := range total {
		c.Actions = actions[i : i+1 : i+1]
		switch {
		case !known:
			c.Scope.Raw = []byte(v.texts[i])
		case row.Values == Numbers:
			c.Scope.IDs = v.ids[i : i+1 : i+1]
		case row.Values == Texts:
			c.Scope.Texts = v.texts[i : i+1 : i+1]
		case row.Values == Tables:
			c.Scope.Tables = map[string][]string{v.tables[i].database: tablesOf(v.tables[i].name)}
		}
		list = append(list, c)
	}
	return list
}
