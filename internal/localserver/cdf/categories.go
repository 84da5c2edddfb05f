// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
)

// category is a security category, stored and answered.
type category struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func compareCategory(c category, id int64) int { return cmp.Compare(c.ID, id) }

func (s *Server) listSecurityCategories(c *call) reply {
	held := s.grant(c, categoriesACL, "LIST")
	shown := slices.DeleteFunc(s.store.listCategories(), func(one category) bool { return !held.covers(one.ID) })
	key := func(one category) string { return idKey(one.ID) }
	switch sort := c.query.Get("sort"); sort {
	case "", "ASC":
	case "DESC":
		slices.Reverse(shown)
		key = func(one category) string { return idKey(math.MaxInt64 - one.ID) }
	default:
		return fail(http.StatusBadRequest, fmt.Sprintf("sort is %q: use ASC or DESC", sort))
	}
	return page(s, c, maxPage, shown, key)
}

// covers tells whether a grant holds for one object.
func (g grant) covers(id int64) bool { return g.all || g.ids[strconv.FormatInt(id, 10)] }

type categoryName struct {
	Name string `json:"name"`
}

func (s *Server) createSecurityCategories(_ *call, items []categoryName) reply {
	var names []string
	for i, item := range items {
		if item.Name == "" {
			return fail(http.StatusBadRequest, fmt.Sprintf("items[%d].name is required and must not be empty", i))
		}
		if !slices.Contains(names, item.Name) {
			names = append(names, item.Name)
		}
	}
	made, err := s.store.addCategories(names)
	if taken, isTaken := errors.AsType[duplicatedError](err); isTaken {
		r := fail(http.StatusConflict, "security categories with these names exist already")
		for _, name := range taken {
			r.problem.Duplicated = append(r.problem.Duplicated, categoryName{name})
		}
		return r
	}
	if err != nil {
		return fail(http.StatusBadRequest, fmt.Sprintf("the project has reached its limit of %d security categories", categoryLimit))
	}
	return list(made)
}

func (s *Server) deleteSecurityCategories(c *call, ids []int64) reply {
	held := s.grant(c, categoriesACL, "DELETE")
	if slices.ContainsFunc(ids, func(id int64) bool { return !held.covers(id) }) {
		return *lacking(need{acl: categoriesACL, action: "DELETE"})
	}
	if missing, isMissing := errors.AsType[missingError](s.store.deleteCategories(ids)); isMissing {
		return failMissing("there are no security categories with these ids", idRefs(missing))
	}
	return answer(struct{}{})
}

func (s *store) listCategories() []category {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.categories)
}

// addCategories makes categories, all or none.
func (s *store) addCategories(names []string) ([]category, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var taken duplicatedError
	for _, c := range s.categories {
		if slices.Contains(names, c.Name) {
			taken = append(taken, c.Name)
		}
	}
	if taken != nil {
		return nil, taken
	}
	if len(s.categories)+len(names) > categoryLimit {
		return nil, errFull
	}
	made := make([]category, len(names))
	for i, name := range names {
		made[i] = category{ID: s.newID(), Name: name}
	}
	s.categories = append(s.categories, made...)
	return made, nil
}

// deleteCategories deletes categories, all or none.
func (s *store) deleteCategories(ids []int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var missing missingError
	for _, id := range ids {
		if _, known := slices.BinarySearchFunc(s.categories, id, compareCategory); !known {
			missing = append(missing, id)
		}
	}
	if missing != nil {
		return missing
	}
	s.categories = slices.DeleteFunc(s.categories, func(c category) bool { return slices.Contains(ids, c.ID) })
	return nil
}
