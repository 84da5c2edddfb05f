// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// SecurityCategory restricts who may read the time series and files that are
// marked with it.
type SecurityCategory struct {
	ID   int64
	Name string
}

// UnmarshalJSON refuses a category without id or name.
func (s *SecurityCategory) UnmarshalJSON(data []byte) error {
	var object struct {
		ID   number `json:"id"`
		Name string `json:"name"`
	}
	if err := httpapi.UnmarshalObject(data, &object, "id", "name"); err != nil {
		return err
	}
	*s = SecurityCategory{ID: int64(object.ID), Name: object.Name}
	return nil
}

// ListSecurityCategories answers the security categories of the project.
func (c *Client) ListSecurityCategories(ctx context.Context, options ListOptions) iter.Seq2[SecurityCategory, error] {
	return list[SecurityCategory](ctx, c, opListSecurityCategories, arguments{}, options)
}

// CreateSecurityCategory makes a security category. A name that is taken fails,
// see [IsDuplicated]. It is not sent again when its outcome is unknown.
func (c *Client) CreateSecurityCategory(ctx context.Context, name string) (SecurityCategory, error) {
	return create[SecurityCategory](ctx, c, opCreateSecurityCategories, name, map[string]string{"name": name})
}

// DeleteSecurityCategories deletes security categories. An unknown id fails all of
// them, see [IsNotFound] and [MissingOf].
func (c *Client) DeleteSecurityCategories(ctx context.Context, ids ...int64) error {
	return c.remove(ctx, opDeleteSecurityCategories, ids)
}
