// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi_test

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// recorder notes which operations were called and what was logged of them.
type recorder struct {
	mu         sync.Mutex
	operations map[string]bool
	text       strings.Builder
}

func (r *recorder) log(_ context.Context, msg string, fields map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.operations[fmt.Sprint(fields["operation"])] = true
	fmt.Fprintf(&r.text, "%s %v\n", msg, fields)
}

// newLocal makes a client of a local server as its administrator.
func newLocal(t *testing.T, options localserver.Options) (*lakefsapi.Client, *recorder, string) {
	t.Helper()
	server, err := localserver.New(options)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	recorder := &recorder{operations: map[string]bool{}}
	client, err := lakefsapi.New(lakefsapi.Config{
		Endpoint: web.URL, AccessKeyID: server.AccessKeyID(), SecretAccessKey: server.SecretAccessKey(),
		HTTP: httpapi.Options{Log: recorder.log},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, recorder, server.SecretAccessKey()
}

// step is one call and what it comes to: the error's kinds, nil for success.
type step struct {
	name string
	call func(context.Context, *lakefsapi.Client) error
	want []string
}

// lifecycle calls every operation that works on a lakeFS with RBAC in an order
// that makes sense. The ids need escaping.
var lifecycle = []step{
	{"current user", func(ctx context.Context, c *lakefsapi.Client) error {
		user, err := c.GetCurrentUser(ctx)
		return differs(err, "admin", user.ID)
	}, nil},
	{"capabilities", drop(func(ctx context.Context, c *lakefsapi.Client) (any, error) { return value(c.GetAuthCapabilities(ctx)) }), nil},
	{"setup state", func(ctx context.Context, c *lakefsapi.Client) error {
		state, err := c.GetSetupState(ctx)
		return differs(err, "initialized", state.State)
	}, nil},
	{"setup again", drop(operationTests["setup"].call), []string{"already exists"}},
	{"create user", drop(create(testUser)), nil},
	{"create user again", drop(create(testUser)), []string{"already exists"}},
	{"get user", func(ctx context.Context, c *lakefsapi.Client) error {
		user, err := c.GetUser(ctx, testUser)
		return differs(err, testUser, user.ID)
	}, nil},
	{"get no user", drop(func(ctx context.Context, c *lakefsapi.Client) (any, error) { return value(c.GetUser(ctx, "nobody")) }), []string{"not found"}},
	{"create group", drop(func(ctx context.Context, c *lakefsapi.Client) (any, error) {
		return value(c.CreateGroup(ctx, lakefsapi.GroupCreation{ID: testGroup}))
	}), nil},
	{"get group", func(ctx context.Context, c *lakefsapi.Client) error {
		group, err := c.GetGroup(ctx, testGroup)
		return differs(err, testGroup, group.Name)
	}, nil},
	{"create policy", drop(func(ctx context.Context, c *lakefsapi.Client) (any, error) {
		return value(c.CreatePolicy(ctx, lakefsapi.Policy{ID: testPolicy, Statement: plainPolicy.Statement}))
	}), nil},
	{"update policy", drop(func(ctx context.Context, c *lakefsapi.Client) (any, error) {
		return value(c.UpdatePolicy(ctx, testPolicy, lakefsapi.Policy{Statement: plainPolicy.Statement}))
	}), nil},
	{"get policy", func(ctx context.Context, c *lakefsapi.Client) error {
		policy, err := c.GetPolicy(ctx, testPolicy)
		return differs(err, plainPolicy.Statement, policy.Statement)
	}, nil},
	{"add member", addMember, nil},
	{"add member again", addMember, []string{"already exists"}},
	{"attach to user", func(ctx context.Context, c *lakefsapi.Client) error {
		return c.AttachPolicyToUser(ctx, testUser, testPolicy)
	}, nil},
	{"attach to group", func(ctx context.Context, c *lakefsapi.Client) error {
		return c.AttachPolicyToGroup(ctx, testGroup, testPolicy)
	}, nil},
	{"list", listAll, nil},
	{"credentials", useCredentials, nil},
	{"wrong login", drop(operationTests["login"].call), []string{"credentials rejected"}},
	{"detach from user", func(ctx context.Context, c *lakefsapi.Client) error {
		return c.DetachPolicyFromUser(ctx, testUser, testPolicy)
	}, nil},
	{"detach from group", func(ctx context.Context, c *lakefsapi.Client) error {
		return c.DetachPolicyFromGroup(ctx, testGroup, testPolicy)
	}, nil},
	{"remove member", func(ctx context.Context, c *lakefsapi.Client) error {
		return c.DeleteGroupMembership(ctx, testGroup, testUser)
	}, nil},
	{"delete policy", func(ctx context.Context, c *lakefsapi.Client) error { return c.DeletePolicy(ctx, testPolicy) }, nil},
	{"delete group", func(ctx context.Context, c *lakefsapi.Client) error { return c.DeleteGroup(ctx, testGroup) }, nil},
	{"delete user", func(ctx context.Context, c *lakefsapi.Client) error { return c.DeleteUser(ctx, testUser) }, nil},
	{"delete user again", func(ctx context.Context, c *lakefsapi.Client) error { return c.DeleteUser(ctx, testUser) }, []string{"not found"}},
}

const (
	testUser   = "u ser?#ü@x.io"
	testGroup  = "gr oup&=;"
	testPolicy = "pol icy:\"1\""
)

func drop(call func(context.Context, *lakefsapi.Client) (any, error)) func(context.Context, *lakefsapi.Client) error {
	return func(ctx context.Context, c *lakefsapi.Client) error {
		_, err := call(ctx, c)
		return err
	}
}

func create(userID string) func(context.Context, *lakefsapi.Client) (any, error) {
	return func(ctx context.Context, c *lakefsapi.Client) (any, error) {
		return value(c.CreateUser(ctx, lakefsapi.UserCreation{ID: userID}))
	}
}

func addMember(ctx context.Context, c *lakefsapi.Client) error {
	return c.AddGroupMembership(ctx, testGroup, testUser)
}

// differs is an error when a call failed or answered something else.
func differs(err error, want, got any) error {
	if err != nil {
		return err
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("(-want +got):\n%s", diff)
	}
	return nil
}

// listAll finds the user, the group and the policy in every list that has them.
func listAll(ctx context.Context, c *lakefsapi.Client) error {
	small := lakefsapi.ListOptions{Amount: 2}
	lists := map[string]struct {
		got  func() (any, error)
		want string
	}{
		"users":              {func() (any, error) { return collect(c.ListUsers(ctx, small)) }, testUser},
		"members":            {func() (any, error) { return collect(c.ListGroupMembers(ctx, testGroup, small)) }, testUser},
		"groups":             {func() (any, error) { return collect(c.ListGroups(ctx, small)) }, testGroup},
		"groups of the user": {func() (any, error) { return collect(c.ListUserGroups(ctx, testUser, small)) }, testGroup},
		"policies":           {func() (any, error) { return collect(c.ListPolicies(ctx, small)) }, testPolicy},
		"policies of user":   {func() (any, error) { return collect(c.ListUserPolicies(ctx, testUser, false, small)) }, testPolicy},
		"effective policies": {func() (any, error) { return collect(c.ListUserPolicies(ctx, testUser, true, small)) }, testPolicy},
		"policies of group":  {func() (any, error) { return collect(c.ListGroupPolicies(ctx, testGroup, small)) }, testPolicy},
	}
	for name, list := range lists {
		got, err := list.got()
		if err != nil {
			return err
		}
		if count := strings.Count(fmt.Sprintf("%+v", got), "{ID:"+list.want); count != 1 {
			return fmt.Errorf("%s: %q is listed %d times in %+v", name, list.want, count, got)
		}
	}
	return nil
}

// useCredentials makes a key, logs in with it and deletes it.
func useCredentials(ctx context.Context, c *lakefsapi.Client) error {
	pair, err := c.CreateCredentials(ctx, testUser)
	if err != nil {
		return err
	}
	got, err := c.GetCredentials(ctx, testUser, pair.AccessKeyID)
	if err := differs(err, pair.AccessKeyID, got.AccessKeyID); err != nil {
		return err
	}
	keys, err := collect(c.ListUserCredentials(ctx, testUser, lakefsapi.ListOptions{}))
	if err := differs(err, any([]lakefsapi.Credentials{got}), keys); err != nil {
		return err
	}
	token, err := c.Login(ctx, lakefsapi.LoginInformation{AccessKeyID: pair.AccessKeyID, SecretAccessKey: pair.SecretAccessKey})
	if err != nil {
		return err
	}
	user, err := lakefsapi.New(lakefsapi.Config{Endpoint: c.Endpoint(), Token: token.Token})
	if err != nil {
		return err
	}
	self, err := user.GetCurrentUser(ctx)
	if err := differs(err, testUser, self.ID); err != nil {
		return err
	}
	if _, err := user.CreateUser(ctx, lakefsapi.UserCreation{ID: "other"}); !lakefsapi.IsNotPermitted(err) {
		return fmt.Errorf("creating a user without the right: %w", err)
	}
	return c.DeleteCredentials(ctx, testUser, pair.AccessKeyID)
}

// special are the operations that only some servers have, called in this order
// as in operationTests, and what comes of each in the dialects.
var special = []struct {
	name             string
	current, ancient []string
}{
	{"setGroupACL", nil, absent},
	{"getGroupACL", nil, absent},
	{"createUserExternalPrincipal", nil, absent},
	{"getExternalPrincipal", nil, absent},
	{"listUserExternalPrincipals", nil, absent},
	{"deleteUserExternalPrincipal", nil, absent},
	{"externalPrincipalLogin", absent, absent},
	{"stsLogin", absent, absent},
	{"forgotPassword", absent, nil},
	{"updatePassword", absent, []string{"credentials rejected"}},
}

var absent = []string{"not implemented"}

// TestEveryOperationOnALocalServer leaves none out.
func TestEveryOperationOnALocalServer(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{"1.84", "0.97"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			client, recorder, secret := newLocal(t, localserver.Options{Dialect: dialect, ExternalPrincipals: true})
			for _, step := range lifecycle {
				if err := step.call(t.Context(), client); !slices.Equal(kinds(err), step.want) || err != nil && step.want == nil {
					t.Errorf("%s: error %v, want %q", step.name, err, step.want)
				}
			}
			if _, err := create("u1")(t.Context(), client); err != nil {
				t.Error(err)
			}
			if _, err := client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "g1"}); err != nil {
				t.Error(err)
			}
			for _, special := range special {
				want := special.current
				if dialect == "0.97" {
					want = special.ancient
				}
				if _, err := operationTests[special.name].call(t.Context(), client); !slices.Equal(kinds(err), want) || err != nil && want == nil {
					t.Errorf("%s: error %v, want %q", special.name, err, want)
				}
			}
			if diff := cmp.Diff(operationIDs(), slices.Sorted(maps.Keys(recorder.operations))); diff != "" {
				t.Errorf("operations called (-want +got):\n%s", diff)
			}
			if strings.Contains(recorder.text.String(), secret) {
				t.Error("the secret shows in the log")
			}
		})
	}
}

// operationIDs are the ids of all operations.
func operationIDs() []string {
	ids := map[string]bool{}
	for name := range operationTests {
		id, _, _ := strings.Cut(name, " ")
		ids[id] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// TestChosenGroupIDs: the id of a group whose id the server chose stays the same
// through every answer.
func TestChosenGroupIDs(t *testing.T) {
	t.Parallel()
	client, _, _ := newLocal(t, localserver.Options{GroupIDs: "generated"})
	made, err := client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "readers"})
	if err != nil {
		t.Fatal(err)
	}
	if made.ID == "readers" || made.Name != "readers" {
		t.Errorf("made %+v, want another id and the name readers", made)
	}
	got, err := client.GetGroup(t.Context(), made.ID)
	if err != nil || got.ID != made.ID || got.Name != "readers" {
		t.Errorf("got %+v, error %v; want the id %s and the name readers", got, err, made.ID)
	}
}
