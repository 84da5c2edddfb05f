// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"fmt"
	"slices"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// lacks compares what a call needs with what the caller's token holds or, where that may
// not be inspected, with the groups that it is in.
func lacks(ctx context.Context, cdf api, call entity.Call) ([]entity.Lack, error) {
	required, known := cdfcapability.Required(call.Operation)
	if !known || len(required) == 0 {
		return nil, nil
	}
	caller, err := cdf.Caller(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the capabilities of the caller: %w", err)
	}
	capabilities, err := heldBy(caller, cdf.Project())
	if err != nil {
		return nil, fmt.Errorf("reading the capabilities of the caller: %w", err)
	}
	var lacking []entity.Lack
	for _, permission := range required {
		if standingOf(capabilities, permission, cdf.Project()) == absent {
			lacking = append(lacking, entity.Lack{
				Action: permission.ACL + ":" + permission.Action, Permission: permission.String(),
				Remedy: indent(cdfcapability.HCL([]cdfcapability.Capability{permission.Capability()})),
			})
		}
	}
	return lacking, nil
}

// standing is what can be told of a permission that an operation needs.
type standing int

const (
	uncertain standing = iota
	held
	absent
)

// standingOf tells how a permission stands. One that is held in a narrower scope may do for the
// object at hand; but a listing in a narrower scope is no whole one.
func standingOf(capabilities []cdfcapability.Capability, permission cdfcapability.Permission, project string) standing {
	missing, _, err := cdfcapability.Missing(capabilities, []cdfcapability.Capability{permission.Capability()}, cdfcapability.Options{Project: project})
	narrower := permission.Action != "LIST" && slices.ContainsFunc(capabilities, func(c cdfcapability.Capability) bool {
		return c.ACL == permission.ACL && slices.Contains(c.Actions, permission.Action)
	})
	switch {
	case err != nil:
		return uncertain
	case len(missing) == 0:
		return held
	case narrower:
		return uncertain
	}
	return absent
}

// heldBy are the capabilities of a caller in a project, as far as they can be read.
func heldBy(caller snapshot.CDFCaller, project string) ([]cdfcapability.Capability, error) {
	if caller.Token == nil {
		return grantedBy(caller.Groups, project), nil
	}
	list, _, err := cdfcapability.ParseServerList(caller.Token)
	if err != nil {
		return nil, err
	}
	return cdfcapability.ForProject(list, project)
}

// grantedBy are the capabilities of groups in a project, as far as they can be read.
func grantedBy(groups []cdfapi.Group, project string) []cdfcapability.Capability {
	var granted []cdfcapability.Capability
	for _, group := range groups {
		list, _, _ := cdfcapability.ParseServerList(group.Capabilities) // what cannot be read grants nothing that is known
		granted = append(granted, cdfcapability.ForGroupOf(project, list)...)
	}
	return granted
}
