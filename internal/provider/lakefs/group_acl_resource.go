// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// adminACL is the one permission of an access control list that lets change others.
const adminACL = "Admin"

// aclPermissions are those that lakeFS knows, from the least to the most.
var aclPermissions = []string{"Read", "Write", "Super", adminACL}

// errACLDropped says what a server did with a list that it reported as set.
var errACLDropped = errors.New("the server reported that it set the access control list, but the group has none that can be read back: its auth server does not keep access control lists. " +
	"The group may have got a policy that grants the same: detach it")

type groupACLModel struct {
	GroupID    types.String `tfsdk:"group_id"`
	Permission types.String `tfsdk:"permission"`
}

// acl is the list as the API has it.
func (m groupACLModel) acl() lakefsapi.ACL {
	return lakefsapi.ACL{Permission: m.Permission.ValueString()}
}

func groupACLResource() entity.Definition[api, groupACLModel] {
	return entity.Definition[api, groupACLModel]{
		Name:     "lakefs_group_acl",
		Title:    "lakeFS group ACL",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Manages the access control list (ACL) of a group of lakeFS ([setGroupACL](https://docs.lakefs.io/reference/api/#/auth/setGroupACL)). " +
				"It is for servers that have ACLs in place of policies: those with lakeFS's ACL server behind them, where `auth.ui_config.rbac` is `simplified`. On others use `iam_lakefs_policy` and `iam_lakefs_policy_attachment`. " +
				"An ACL would take the place of all policies of its group, so it is not set on a group that has some. " +
				"lakeFS cannot remove an ACL: destroying the resource leaves it as it is, with a warning, and deleting the group removes it. " +
				"Where the group is replaced under the same id (a tainted one, or with `-replace`), Terraform sees no change of the id: add `replace_triggered_by` to the `lifecycle` block to have the ACL set anew in the same apply, otherwise the next one does it.",
			Attributes: map[string]schema.Attribute{
				"group_id": schema.StringAttribute{
					MarkdownDescription: "The group's id, for example `iam_lakefs_group.analysts.id`. Changing it replaces the ACL.",
					Required:            true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				},
				"permission": schema.StringAttribute{
					MarkdownDescription: "What the members of the group may do in all repositories: `Read`; `Write`, which is to read and write data and to manage branches and tags; `Super`, which is to do everything in repositories; or `Admin`, which is to manage users and groups, too.",
					Required:            true,
				},
			},
		},
		Imports:  []entity.ImportForm{{Pattern: "{group_id}", Example: "analysts"}},
		Identity: []string{"group_id"},
		Validate: validateGroupACL,
		Plan:     planGroupACL,
		Create:   createGroupACL,
		Read:     readGroupACL,
		Update: func(ctx context.Context, s *entity.Session[api], _ groupACLModel, m *groupACLModel) error {
			return s.API.UpdateGroupACL(ctx, m.GroupID.ValueString(), m.acl())
		},
		Delete: func(_ context.Context, s *entity.Session[api], m groupACLModel) error {
			group := m.GroupID.ValueString()
			s.API.ReleaseGroupACL(group)
			s.Warn("The access control list of a group stays as it is",
				fmt.Sprintf("The access control list of the group %q is no longer managed. lakeFS cannot remove it, so it was left as it is: %s. It goes when the group is deleted.", group, m.Permission.ValueString()))
			return nil
		},
		Reads:   []entity.Call{{Operation: "getGroupACL"}},
		Lockout: lockoutOfGroupACL,
		Calls: func(change entity.Change[groupACLModel]) []entity.Call {
			if change.Planned == nil {
				return nil
			}
			group := on("groupId", change.Planned.GroupID)
			return []entity.Call{{Operation: "getGroupACL", Object: group}, {Operation: "setGroupACL", Object: group}}
		},
	}
}

func validateGroupACL(_ context.Context, m groupACLModel) diag.Diagnostics {
	diags := validateID(path.Root("group_id"), "group", m.GroupID)
	permission := m.Permission.ValueString()
	if entity.Known(m.Permission) && !slices.Contains(aclPermissions, permission) {
		diags.AddAttributeError(path.Root("permission"), "No permission of an access control list",
			fmt.Sprintf("The permission is %q. Use one of %s, written exactly so.", permission, strings.Join(aclPermissions, ", ")))
	}
	return diags
}

// planGroupACL refuses a list on a server that works with policies before anything is changed.
func planGroupACL(ctx context.Context, p *entity.Planning[api], change *entity.Change[groupACLModel]) {
	if !p.Connected || change.Planned == nil || change.Prior != nil && change.Prior.GroupID.Equal(change.Planned.GroupID) {
		return
	}
	if err := p.API.CheckACLs(ctx); err != nil {
		p.Fail("This lakeFS has no access control lists of groups",
			fmt.Sprintf("iam_lakefs_group_acl of the group %s: %s", shownID(change.Planned.GroupID), explain(err)))
	}
}

// shownID writes an id that may be known only after apply.
func shownID(id types.String) string {
	if !entity.Known(id) {
		return "(known after apply)"
	}
	return fmt.Sprintf("%q", id.ValueString())
}

func createGroupACL(ctx context.Context, s *entity.Session[api], m *groupACLModel) error {
	group := m.GroupID.ValueString()
	if err := s.API.CheckACLs(ctx); err != nil {
		return err
	}
	if err := s.API.CreateGroupACL(ctx, group, m.acl()); err != nil {
		return err
	}
	s.Exists()
	_, found, err := s.API.GetGroupACL(ctx, group)
	if lakefsapi.IsNoACL(err) || err == nil && !found {
		return errACLDropped
	}
	return nil // one that cannot be read just now is read by the next plan
}

func readGroupACL(ctx context.Context, s *entity.Session[api], m *groupACLModel) (bool, error) {
	acl, found, err := s.API.GetGroupACL(ctx, m.GroupID.ValueString())
	if lakefsapi.IsNoACL(err) {
		s.Warn("A group has policies in place of its access control list",
			fmt.Sprintf("The access control list of the group %q is gone: %s Setting one would take these policies from the group, so an apply refuses that as long as they are attached.", m.GroupID.ValueString(), entity.Sentence(err.Error())))
		return false, nil
	}
	m.Permission = types.StringValue(acl.Permission)
	return found, err
}

// lockoutOfGroupACL is that when the list of a group of the caller no longer lets it
// administer lakeFS.
func lockoutOfGroupACL(ctx context.Context, lakefs api, change entity.Change[groupACLModel]) (*entity.Lockout, error) {
	if change.Prior == nil || change.Planned == nil || change.Prior.Permission.ValueString() != adminACL ||
		!entity.Known(change.Planned.Permission) || change.Planned.Permission.ValueString() == adminACL {
		return nil, nil
	}
	group := change.Prior.GroupID.ValueString()
	undo := []entity.Call{{Operation: "setGroupACL", Object: on("groupId", change.Prior.GroupID)}}
	through := fmt.Sprintf("the access control list of its group %q", group)
	concerned, err := isInGroup(ctx, lakefs, change.Prior.GroupID)
	switch {
	case lakefsapi.IsNotImplemented(err):
		return nil, nil // no access control
	case err != nil:
		return nil, fmt.Errorf("reading the groups of the caller: %w", err)
	case !concerned:
		return nil, nil
	}
	if _, err := lakefs.CallerAccess(ctx); !lakefsapi.IsNotImplemented(err) {
		return lockoutCheck[groupACLModel]{
			concerns: func(context.Context, api, entity.Change[groupACLModel]) (bool, error) { return true, nil },
			apply: func(_ context.Context, _ api, access snapshot.LakeFSAccess, _ entity.Change[groupACLModel]) (changedAccess, bool) {
				return changedAccess{after: without(access, group), through: []string{through}, undo: undo}, true
			},
		}.lockout(ctx, lakefs, change)
	}
	administers, err := administersOtherwise(ctx, lakefs, group)
	if administers || err != nil {
		return nil, err
	}
	id, err := lakefs.CallerID(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading who the caller is: %w", err)
	}
	return &entity.Lockout{Caller: id, Lost: permissionsFor(undo), Through: through}, nil
}

// administersOtherwise tells, where there are no policies, whether the caller may administer
// lakeFS by the list of another group. A group with policies may let it.
func administersOtherwise(ctx context.Context, lakefs api, without string) (bool, error) {
	groups, err := lakefs.CallerGroups(ctx)
	if err != nil {
		return false, fmt.Errorf("reading the groups of the caller: %w", err)
	}
	for _, group := range groups {
		if group == without {
			continue
		}
		acl, _, err := lakefs.GetGroupACL(ctx, group)
		switch {
		case lakefsapi.IsNoACL(err), err == nil && acl.Permission == adminACL:
			return true, nil
		case err != nil:
			return false, fmt.Errorf("reading the access control lists of the caller's groups: %w", err)
		}
	}
	return false, nil
}
