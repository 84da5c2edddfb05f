// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"strconv"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
)

// findSecurityCategory looks for the one security category that fits; known is what
// the caller of this method knows it by.
func (s *CDF) findSecurityCategory(ctx context.Context, known string, fits func(cdfapi.SecurityCategory) bool) (cdfapi.SecurityCategory, bool, error) {
	for category, err := range s.ListSecurityCategories(ctx, cdfapi.ListOptions{}) {
		if err != nil {
			return cdfapi.SecurityCategory{}, false, err
		}
		if fits(category) {
			return category, true, nil
		}
	}
	own, err := s.ListGroups(ctx, false)
	if err == nil && !s.listsAll(ctx, "securityCategoriesAcl", own) {
		err = &HiddenError{Kind: kindSecurityCategory, ID: known, Err: &PartialListError{Operation: "listSecurityCategories"}}
	}
	return cdfapi.SecurityCategory{}, false, err
}

// GetSecurityCategory looks a security category up by its id. The list of a caller
// who may list only some categories holds no others: one that is not in it is a
// [HiddenError], never gone.
func (s *CDF) GetSecurityCategory(ctx context.Context, id int64) (cdfapi.SecurityCategory, bool, error) {
	category, known, err := s.listed().categories.look(ctx, strconv.FormatInt(id, 10), 0)
	if err != nil || known == there {
		return category, known == there, err
	}
	return s.readSecurityCategory(ctx, id)
}

func (s *CDF) readSecurityCategory(ctx context.Context, id int64) (cdfapi.SecurityCategory, bool, error) {
	return s.findSecurityCategory(ctx, strconv.FormatInt(id, 10), func(c cdfapi.SecurityCategory) bool { return c.ID == id })
}

// GetSecurityCategoryByName looks a security category up by its name, which is
// unique in a project. Of one that is not in the list of a caller who may list only
// some, it answers as GetSecurityCategory does.
func (s *CDF) GetSecurityCategoryByName(ctx context.Context, name string) (cdfapi.SecurityCategory, bool, error) {
	return s.findSecurityCategory(ctx, name, func(c cdfapi.SecurityCategory) bool { return c.Name == name })
}

// CreateSecurityCategory makes a security category whose name is not taken. A
// write that has begun is finished also when its command is cancelled.
func (s *CDF) CreateSecurityCategory(ctx context.Context, name string) (cdfapi.SecurityCategory, error) {
	if err := ctx.Err(); err != nil {
		return cdfapi.SecurityCategory{}, err
	}
	ctx, cancel := outlive(ctx, cancelGrace)
	defer cancel()
	o := object[cdfapi.SecurityCategory]{
		kind: kindSecurityCategory, id: name,
		look: func(ctx context.Context) (cdfapi.SecurityCategory, bool, error) {
			return s.GetSecurityCategoryByName(ctx, name)
		},
		before: func(ctx context.Context) (cdfapi.SecurityCategory, bool, error) { return s.categoryBefore(ctx, name) },
		put: func(category cdfapi.SecurityCategory) {
			s.listed().categories.put(strconv.FormatInt(category.ID, 10), category)
		},
		doubt:    s.openListings,
		mustList: true,
	}
	return create(ctx, &s.writer, o, func(ctx context.Context) (cdfapi.SecurityCategory, error) {
		return s.Client.CreateSecurityCategory(ctx, name)
	})
}

// DeleteSecurityCategory deletes a security category and frees its name. One that
// is gone is no error.
func (s *CDF) DeleteSecurityCategory(ctx context.Context, id int64, name string) error {
	o := object[cdfapi.SecurityCategory]{
		kind: kindSecurityCategory, id: strconv.FormatInt(id, 10),
		look: func(ctx context.Context) (cdfapi.SecurityCategory, bool, error) {
			return s.readSecurityCategory(ctx, id)
		},
		drop:  func() { s.listed().categories.drop(strconv.FormatInt(id, 10)) },
		doubt: s.openListings,
	}
	err := remove(ctx, &s.writer, o, func(ctx context.Context) error { return s.DeleteSecurityCategories(ctx, id) })
	if err == nil {
		s.release(object[cdfapi.SecurityCategory]{kind: kindSecurityCategory, id: name}.key())
	}
	return err
}
