// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// parallelism is how many objects Terraform works on at a time.
const parallelism = 10

// managedObject is one resource of a large configuration.
type managedObject struct {
	resource  string
	arguments acctest.Arguments
	object    acctest.Object
}

// company is 1,000 users, each a member of one of 10 groups, and 200 policies, of which each
// group has 100: first what can be made at once, then what refers to it.
func company() (objects, edges []*managedObject) {
	const users, groups, policies, perGroup = 1000, 10, 200, 100
	group := func(i int) string { return fmt.Sprintf("group-%02d", i) }
	policy := func(i int) string { return fmt.Sprintf("Policy%03d", i%policies) }
	for i := range groups {
		objects = append(objects, &managedObject{resource: "iam_lakefs_group", arguments: acctest.Arguments{"name": group(i)}})
		for j := range perGroup {
			edges = append(edges, &managedObject{resource: "iam_lakefs_policy_attachment", arguments: acctest.Arguments{"policy_id": policy(i*perGroup + j), "group_id": group(i)}})
		}
	}
	for i := range policies {
		document := fmt.Sprintf(`{"statement":[{"effect":"allow","action":["fs:Read*"],"resource":"arn:lakefs:fs:::repository/%d/*"}]}`, i)
		objects = append(objects, &managedObject{resource: "iam_lakefs_policy", arguments: acctest.Arguments{"id": policy(i), "document": document}})
	}
	for i := range users {
		user := fmt.Sprintf("user-%04d", i)
		objects = append(objects, &managedObject{resource: "iam_lakefs_user", arguments: acctest.Arguments{"id": user}})
		edges = append(edges, &managedObject{resource: "iam_lakefs_group_membership", arguments: acctest.Arguments{"group_id": group(i % groups), "user_id": user}})
	}
	return objects, edges
}

// inParallel does something to every object, ten at a time.
func inParallel(t *testing.T, direct *acctest.Direct, objects []*managedObject, do func(*managedObject) bool) {
	t.Helper()
	var workers errgroup.Group
	workers.SetLimit(parallelism)
	for _, o := range objects {
		workers.Go(func() error {
			if !do(o) {
				return fmt.Errorf("%s %v failed", o.resource, o.arguments)
			}
			return nil
		})
	}
	if err := workers.Wait(); err != nil {
		t.Fatalf("%v: %v", err, direct.Said())
	}
}

// A large configuration costs one request for each write and each listing that is looked
// into before, and its refresh a fiftieth of a request for each object and below.
func TestRequestsOfALargeConfiguration(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	objects, edges := company()
	all := append(objects, edges...)
	// Of groups, policies and users one each; the members and the policies of ten groups; of
	// each user the look for leftover keys.
	const listings, leftovers = 3 + 10 + 10, 1000

	maker := acctest.NewDirect(t, server.Providers())
	create := func(o *managedObject) (ok bool) {
		o.object, ok = maker.Apply(o.resource, acctest.Object{}, o.arguments)
		return ok
	}
	before := server.Local.Requests()
	inParallel(t, maker, objects, create)
	inParallel(t, maker, edges, create)
	made := server.Local.Requests() - before
	// The checks of access ask who the caller is, and what it may do.
	if most := int64(len(all) + listings + leftovers + 5); made > most {
		t.Errorf("%d objects were made with %d requests, want at most %d", len(all), made, most)
	}

	before, connections := server.Local.Requests(), server.Connections()
	reader := acctest.NewDirect(t, server.Providers())
	inParallel(t, reader, all, func(o *managedObject) bool {
		read, ok := reader.Refresh(o.resource, o.object)
		return ok && read.Exists()
	})
	requests, connections := server.Local.Requests()-before, server.Connections()-connections
	if most := int64(len(all) / 50); requests > most || connections > parallelism {
		t.Errorf("%d objects were read with %d requests on %d connections, want at most %d on %d", len(all), requests, connections, most, parallelism)
	}
	t.Logf("%d objects: made with %d requests, read with %d on %d connections", len(all), made, requests, connections)
}
