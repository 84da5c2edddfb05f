// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package lakefs holds the Terraform types of lakeFS, one file each.
package lakefs

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// api is what every type of this package reads and writes lakeFS through.
type api = *snapshot.LakeFS

// Resources lists the resources of lakeFS. The condition operators are those
// that the provider's configuration admits besides lakeFS's own.
func Resources(operators *ConditionOperators) []func() resource.Resource {
	return []func() resource.Resource{
		entity.New(credentialsResource()),
		entity.New(externalPrincipalResource()),
		entity.New(groupACLResource()),
		entity.New(groupMembershipResource()),
		entity.New(groupMembershipsExclusiveResource()),
		entity.New(groupResource()),
		entity.New(policyAttachmentResource()),
		entity.New(policyAttachmentsExclusiveResource()),
		entity.New(policyResource(operators)),
		entity.New(userResource()),
	}
}

// ListResources lists the list resources of lakeFS, one for each resource.
func ListResources(operators *ConditionOperators) []func() list.ListResource {
	return []func() list.ListResource{
		entity.NewList(credentialsList()),
		entity.NewList(externalPrincipalList()),
		entity.NewList(groupACLList()),
		entity.NewList(groupList()),
		entity.NewList(groupMembershipList()),
		entity.NewList(groupMembershipsExclusiveList()),
		entity.NewList(policyAttachmentList()),
		entity.NewList(policyAttachmentsExclusiveList()),
		entity.NewList(policyList(operators)),
		entity.NewList(userList()),
	}
}

// DataSources lists the data sources of lakeFS.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		entity.NewDataSource(authCapabilitiesDataSource()),
		entity.NewDataSource(effectivePermissionsDataSource()),
		entity.NewDataSource(missingPermissionsDataSource()),
		entity.NewDataSource(currentUserDataSource()),
		entity.NewDataSource(groupDataSource()),
		entity.NewDataSource(groupsDataSource()),
		entity.NewDataSource(policiesDataSource()),
		entity.NewDataSource(policyDataSource()),
		entity.NewDataSource(userDataSource()),
		entity.NewDataSource(usersDataSource()),
	}
}

// Actions lists the actions of lakeFS.
func Actions() []func() action.Action {
	return []func() action.Action{
		entity.NewAction(forgotPasswordAction()),
		entity.NewAction(updatePasswordAction()),
	}
}

// EphemeralResources lists the ephemeral resources of lakeFS.
func EphemeralResources() []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		entity.NewEphemeral(credentialsEphemeral()),
		entity.NewEphemeral(loginEphemeral()),
	}
}

// Functions lists the provider's functions for lakeFS.
func Functions() []func() function.Function {
	return []func() function.Function{
		newPolicyDocumentFunction,
		newPolicyMergeFunction,
		newMissingPermissionsFunction,
		newPermissionDiffFunction,
		newDecisionFunction,
	}
}

// platform ties the types of this package to lakeFS.
func platform() entity.Platform[api] {
	return entity.Platform[api]{
		Title:      "lakeFS",
		Connection: func(c *entity.Connections) *entity.Connection[api] { return c.LakeFS },
		Explain:    explain,
		Lacks:      new(callerRights).lacks,
	}
}

// rfc3339 writes a time of lakeFS, in Unix seconds, as Terraform users expect it.
// Zero is a time that the server did not tell.
func rfc3339(seconds int64) types.String {
	if seconds == 0 {
		return types.StringNull()
	}
	return types.StringValue(time.Unix(seconds, 0).UTC().Format(time.RFC3339))
}
