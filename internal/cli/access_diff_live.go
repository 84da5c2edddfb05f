// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
	"github.com/dataiam/terraform-provider-iam/internal/accessdiff/planjson"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// liveRequests is how many requests are under way at once.
const liveRequests = 8

// readLive reads what the servers hold that the environment names. It belongs to one provider
// configuration of the plan: the only one, or else the default.
func readLive(ctx context.Context, p Process, plan *planjson.Plan) (map[string]planjson.Live, error) {
	servers := plan.Servers()
	server := servers[0]
	if len(servers) > 1 {
		server = "iam"
		if !slices.Contains(servers, server) {
			return nil, fmt.Errorf("--live: the plan is for the provider configurations %v, and the environment does not tell which of them it names", servers)
		}
	}
	var live planjson.Live
	options := httpapi.Options{UserAgent: program + "/" + p.Version, MaxRetries: -1}
	if plan.Uses(server, accessdiff.LakeFS) {
		if err := readLakeFS(ctx, p, plan.NewUsers(server), options, &live); err != nil {
			return nil, fmt.Errorf("--live: reading lakeFS: %w", err)
		}
	}
	if plan.Uses(server, accessdiff.CDF) {
		if err := readCDF(ctx, p, options, &live); err != nil {
			return nil, fmt.Errorf("--live: reading CDF: %w", err)
		}
	}
	return map[string]planjson.Live{server: live}, nil
}

// liveLakeFS reads one server; its methods run at the same time.
type liveLakeFS struct {
	*snapshot.LakeFS
	mu   sync.Mutex
	live *planjson.Live
}

func readLakeFS(ctx context.Context, p Process, newUsers []string, options httpapi.Options, live *planjson.Live) error {
	config, err := lakefsapi.ConfigFromEnvironment(lakefsapi.Config{HTTP: options}, lakefsapi.Environment{Getenv: p.Getenv})
	if err != nil {
		return err
	}
	if config.Endpoint == "" || config.Token == "" && (config.AccessKeyID == "" || config.SecretAccessKey == "") {
		return fmt.Errorf("set %s, %s and %s", lakefsapi.EnvEndpoint, lakefsapi.EnvAccessKeyID, lakefsapi.EnvSecretAccessKey)
	}
	client, err := lakefsapi.New(config)
	if err != nil {
		return err
	}
	l := &liveLakeFS{LakeFS: snapshot.NewLakeFS(client), live: live}
	if live.Caller, err = l.CallerID(ctx); err != nil {
		return fmt.Errorf("who the caller is: %w", err)
	}
	if err := l.objects(ctx); err != nil {
		return err
	}
	for _, user := range newUsers { // keys outlive their users
		for key, err := range l.ListUserCredentials(ctx, user, lakefsapi.ListOptions{}) {
			switch {
			case lakefsapi.IsNotFound(err):
			case err != nil:
				return fmt.Errorf("the keys of the user %q: %w", user, err)
			default:
				live.World.Keys = append(live.World.Keys, accessdiff.Key{User: user, ID: key.AccessKeyID})
			}
		}
	}
	live.LakeFS = true
	return nil
}

// objects reads users, groups, policies and all edges.
func (l *liveLakeFS) objects(ctx context.Context) error {
	w := &l.live.World
	users, err := gathered(l.ListUsers(ctx, lakefsapi.ListOptions{}))
	if err != nil {
		return fmt.Errorf("the users: %w", err)
	}
	groups, err := gathered(l.ListGroups(ctx, lakefsapi.ListOptions{}))
	if err != nil {
		return fmt.Errorf("the groups: %w", err)
	}
	policies, err := gathered(l.ListPolicies(ctx, lakefsapi.ListOptions{}))
	if err != nil {
		return fmt.Errorf("the policies: %w", err)
	}
	for _, policy := range policies {
		w.Policies = append(w.Policies, accessdiff.Policy{Key: policy.ID, Statements: statementsOf(policy)})
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(liveRequests)
	for _, user := range users {
		w.Users = append(w.Users, accessdiff.User{Key: user.ID})
		work.Go(func() error { return l.attachments(ctx, snapshot.Principal{UserID: user.ID}) })
	}
	for _, group := range groups {
		w.Groups = append(w.Groups, accessdiff.Group{Key: group.ID, Name: group.Name})
		work.Go(func() error { return l.attachments(ctx, snapshot.Principal{GroupID: group.ID}) })
		work.Go(func() error { return l.members(ctx, group.ID) })
	}
	return work.Wait()
}

func (l *liveLakeFS) attachments(ctx context.Context, principal snapshot.Principal) error {
	policies, err := gathered(l.ListAttachedPolicies(ctx, principal, lakefsapi.ListOptions{}))
	if err != nil {
		return fmt.Errorf("the policies of %s: %w", principal, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, policy := range policies {
		l.live.World.Attachments = append(l.live.World.Attachments, accessdiff.Attachment{Policy: policy.ID, User: principal.UserID, Group: principal.GroupID})
	}
	return nil
}

func (l *liveLakeFS) members(ctx context.Context, group string) error {
	users, err := gathered(l.ListGroupMembers(ctx, group, lakefsapi.ListOptions{}))
	if err != nil {
		return fmt.Errorf("the members of the group %q: %w", group, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, user := range users {
		l.live.World.Memberships = append(l.live.World.Memberships, accessdiff.Membership{User: user.ID, Group: group})
	}
	return nil
}

func gathered[T any](listing iter.Seq2[T, error]) (list []T, err error) {
	for item, err := range listing {
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, nil
}

// statementsOf gives what a policy of the server says, as its authorizer reads it.
func statementsOf(policy lakefsapi.Policy) []lakefspolicy.Statement {
	statements := make([]lakefspolicy.Statement, len(policy.Statement))
	for i, s := range policy.Statement {
		statements[i] = lakefspolicy.StoredStatement{Effect: s.Effect, Actions: s.Action, Resource: s.Resource, Condition: s.Condition}.Read()
	}
	return statements
}

func readCDF(ctx context.Context, p Process, options httpapi.Options, live *planjson.Live) error {
	config := cdfapi.ConfigFromEnvironment(cdfapi.Config{HTTP: options}, cdfapi.Environment{Getenv: p.Getenv})
	if config.BaseURL == "" && config.Cluster == "" || config.Project == "" || config.Token == "" && config.ClientID == "" {
		return fmt.Errorf("set %s or %s, %s, and %s or the variables IDP_*", cdfapi.EnvCluster, cdfapi.EnvBaseURL, cdfapi.EnvProject, cdfapi.EnvToken)
	}
	client, err := cdfapi.New(config)
	if err != nil {
		return err
	}
	cdf := snapshot.NewCDF(client)
	groups, err := cdf.ListGroups(ctx, true)
	if err != nil {
		return fmt.Errorf("the groups: %w", err)
	}
	for _, group := range groups {
		live.World.CDFGroups = append(live.World.CDFGroups, cdfGroup(group, config.Project))
	}
	caller, err := cdf.Caller(ctx)
	if err != nil {
		return fmt.Errorf("the groups of the caller: %w", err)
	}
	for _, group := range caller.Groups {
		g := cdfGroup(group, config.Project)
		switch {
		case g.SourceID != "":
			live.CDFCaller = append(live.CDFCaller, accessdiff.Subject{Kind: accessdiff.KindSourceID, ID: g.SourceID})
		case g.AllUserAccounts:
			live.CDFCaller = append(live.CDFCaller, accessdiff.Subject{Kind: accessdiff.KindAllAccounts})
		case caller.Subject != "" && slices.Contains(g.Members, caller.Subject):
			live.CDFCaller = append(live.CDFCaller, accessdiff.Subject{Kind: accessdiff.KindMember, ID: caller.Subject})
		}
	}
	live.CDF = true
	return nil
}

// cdfGroup reads a group of the server. Where both are answered, its source id counts.
func cdfGroup(group cdfapi.Group, project string) accessdiff.CDFGroup {
	g := accessdiff.CDFGroup{ID: group.ID, Name: group.Name, SourceID: group.SourceID}
	if group.Members != nil && g.SourceID == "" {
		g.AllUserAccounts, g.Members = group.Members.AllUserAccounts, group.Members.IDs
	}
	capabilities, _, err := cdfcapability.ParseServerList(group.Capabilities)
	g.Capabilities, g.Unknown = cdfcapability.ForGroupOf(project, capabilities), err != nil || group.Unreadable != nil
	return g
}
