// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// Sweep deletes what tests that broke off left on a server: the users (with
// their keys), groups and policies whose names begin with NamePrefix, and nothing
// else. It goes on after an error and returns all of them.
func Sweep(ctx context.Context, lakefs *lakefsapi.Client) error {
	byPrefix := lakefsapi.ListOptions{Prefix: NamePrefix}
	return errors.Join(
		eachOfOurs(lakefs.ListUsers(ctx, byPrefix), func(u lakefsapi.User) string { return u.ID }, func(u lakefsapi.User) error {
			return sweepUser(ctx, lakefs, u.ID)
		}),
		// All groups are listed: where the server chooses ids, a prefix is no help.
		eachOfOurs(lakefs.ListGroups(ctx, lakefsapi.ListOptions{}), func(g lakefsapi.Group) string { return g.Name }, func(g lakefsapi.Group) error {
			return sweepGroup(ctx, lakefs, g.ID)
		}),
		eachOfOurs(lakefs.ListPolicies(ctx, byPrefix), func(p lakefsapi.Policy) string { return p.ID }, func(p lakefsapi.Policy) error {
			return lakefs.DeletePolicy(ctx, p.ID)
		}),
	)
}

// SweepCDF deletes what tests that broke off left in a CDF project: the groups and
// security categories whose names begin with NamePrefix, and nothing else. It goes on
// after an error and returns all of them.
func SweepCDF(ctx context.Context, cdf *cdfapi.Client) error {
	return errors.Join(
		eachOfOurs(listed(cdf.ListGroups(ctx, true)), func(g cdfapi.Group) string { return g.Name }, func(g cdfapi.Group) error {
			if g.IsDeleted {
				return nil
			}
			return cdf.DeleteGroups(ctx, g.ID)
		}),
		eachOfOurs(cdf.ListSecurityCategories(ctx, cdfapi.ListOptions{}), func(c cdfapi.SecurityCategory) string { return c.Name }, func(c cdfapi.SecurityCategory) error {
			return cdf.DeleteSecurityCategories(ctx, c.ID)
		}),
	)
}

// listed is a listing of one answer.
func listed[T any](items []T, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// sweepUser revokes a user's keys first: lakeFS keeps them beyond the user.
func sweepUser(ctx context.Context, lakefs *lakefsapi.Client, id string) error {
	return errors.Join(
		each(lakefs.ListUserCredentials(ctx, id, lakefsapi.ListOptions{}), func(c lakefsapi.Credentials) error {
			return lakefs.DeleteCredentials(ctx, id, c.AccessKeyID)
		}),
		each(lakefs.ListUserPolicies(ctx, id, false, lakefsapi.ListOptions{}), func(p lakefsapi.Policy) error {
			return lakefs.DetachPolicyFromUser(ctx, id, p.ID)
		}),
		goneIsDone(lakefs.DeleteUser(ctx, id)),
	)
}

func sweepGroup(ctx context.Context, lakefs *lakefsapi.Client, id string) error {
	return errors.Join(
		each(lakefs.ListGroupPolicies(ctx, id, lakefsapi.ListOptions{}), func(p lakefsapi.Policy) error {
			return lakefs.DetachPolicyFromGroup(ctx, id, p.ID)
		}),
		goneIsDone(lakefs.DeleteGroup(ctx, id)),
	)
}

// eachOfOurs is each for the objects whose names tests have given.
func eachOfOurs[T any](listing iter.Seq2[T, error], name func(T) string, remove func(T) error) error {
	return each(listing, func(object T) error {
		if !strings.HasPrefix(name(object), NamePrefix) {
			return nil
		}
		return remove(object)
	})
}

// each removes the objects of a listing. They are collected before: removing
// while listing could skip some.
func each[T any](listing iter.Seq2[T, error], remove func(T) error) error {
	var objects []T
	for object, err := range listing {
		if err != nil {
			return err
		}
		objects = append(objects, object)
	}
	var failed []error
	for _, object := range objects {
		failed = append(failed, goneIsDone(remove(object)))
	}
	return errors.Join(failed...)
}

func goneIsDone(err error) error {
	if lakefsapi.IsNotFound(err) || cdfapi.IsNotFound(err) {
		return nil
	}
	return err
}
