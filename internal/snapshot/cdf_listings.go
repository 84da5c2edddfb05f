// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
)

// cdfListings is what this process knows of the groups and security categories of a project.
// CDF answers each listing whole.
type cdfListings struct {
	// groups are all that the caller may list, ownGroups those that it is in.
	groups, ownGroups *listing[cdfapi.Group]
	categories        *listing[cdfapi.SecurityCategory]
	// whole tells of an ACL that the caller may list all its objects. Deleting a group of ours
	// may change that.
	whole map[string]bool
}

// openListings begins with nothing known of the project.
func (s *CDF) openListings() {
	groups := func(all bool) *listing[cdfapi.Group] {
		return listingOfCDF(func(g cdfapi.Group) int64 { return g.ID }, func(ctx context.Context) ([]cdfapi.Group, error) {
			return s.ListGroups(ctx, all)
		})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listings = cdfListings{
		groups: groups(true), ownGroups: groups(false),
		categories: listingOfCDF(func(c cdfapi.SecurityCategory) int64 { return c.ID }, func(ctx context.Context) ([]cdfapi.SecurityCategory, error) {
			return collect(s.ListSecurityCategories(ctx, cdfapi.ListOptions{}))
		}),
		whole: map[string]bool{},
	}
}

// listed is what is known of the project.
func (s *CDF) listed() cdfListings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listings
}

// listingOfCDF reads a listing of CDF, which is one page for us.
func listingOfCDF[T any](id func(T) int64, list func(context.Context) ([]T, error)) *listing[T] {
	return newListing(listed[T]{
		id: func(item T) string { return strconv.FormatInt(id(item), 10) },
		page: func(ctx context.Context, _ string) (items []T, next string, more bool, err error) {
			items, err = list(ctx)
			return items, "", false, err
		},
		refused: cdfapi.IsNotPermitted,
		absent:  func(error) bool { return false },
	})
}

// listsWhole is listsAll, remembered once it is so.
func (s *CDF) listsWhole(ctx context.Context, acl string, visible []cdfapi.Group) bool {
	known := s.listed()
	s.mu.Lock()
	whole := known.whole[acl]
	s.mu.Unlock()
	if whole || !s.listsAll(ctx, acl, visible) {
		return whole
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known.whole[acl] = true
	return true
}

// groupsBefore is visibleGroups for the look before a group is made: it answers what is known
// where that is all groups.
func (s *CDF) groupsBefore(ctx context.Context) (groups []cdfapi.Group, hidden, err error) {
	groups, listed, err := s.listed().groups.all(ctx)
	switch {
	case err != nil:
		return nil, nil, err
	case listed && s.listsWhole(ctx, "groupsAcl", groups):
		slices.SortFunc(groups, func(a, b cdfapi.Group) int { return cmp.Compare(a.ID, b.ID) })
		return groups, nil, nil
	}
	return s.visibleGroups(ctx)
}

// categoryBefore is GetSecurityCategoryByName for the look before a category is made.
func (s *CDF) categoryBefore(ctx context.Context, name string) (cdfapi.SecurityCategory, bool, error) {
	known := s.listed()
	categories, listed, err := known.categories.all(ctx)
	if err != nil {
		return cdfapi.SecurityCategory{}, false, err
	}
	for _, category := range categories {
		if category.Name == name {
			return category, true, nil
		}
	}
	if listed {
		own, _, err := known.ownGroups.all(ctx)
		if err == nil && s.listsWhole(ctx, "securityCategoriesAcl", own) {
			return cdfapi.SecurityCategory{}, false, nil
		}
	}
	return s.GetSecurityCategoryByName(ctx, name)
}
