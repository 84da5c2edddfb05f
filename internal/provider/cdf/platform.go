// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package cdf holds the Terraform types of Cognite Data Fusion, one file each.
package cdf

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

// api is what every type of this package reads and writes CDF through.
type api = *snapshot.CDF

// Resources lists the resources of CDF.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{
		entity.New(groupResource()),
		entity.New(securityCategoryResource()),
		entity.New(userProfilesConfigurationResource()),
	}
}

// ListResources lists the list resources of CDF, one for each resource.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{
		entity.NewList(groupList()),
		entity.NewList(securityCategoryList()),
		entity.NewList(userProfilesConfigurationList()),
	}
}

// DataSources lists the data sources of CDF.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		entity.NewDataSource(groupsDataSource()),
		entity.NewDataSource(missingCapabilitiesDataSource()),
		entity.NewDataSource(principalsDataSource()),
		entity.NewDataSource(projectDataSource()),
		entity.NewDataSource(securityCategoriesDataSource()),
		entity.NewDataSource(sessionsDataSource()),
		entity.NewDataSource(tokenInspectionDataSource()),
		entity.NewDataSource(userProfileDataSource()),
		entity.NewDataSource(userProfilesDataSource()),
	}
}

// EphemeralResources lists the ephemeral resources of CDF.
func EphemeralResources() []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		entity.NewEphemeral(sessionEphemeral()),
	}
}

// Actions lists the actions of CDF.
func Actions() []func() action.Action {
	return []func() action.Action{
		entity.NewAction(revokeSessionsAction()),
	}
}

// Functions lists the provider's functions for CDF.
func Functions() []func() function.Function {
	return []func() function.Function{
		newCapabilitiesFunction,
		newMissingCapabilitiesFunction,
	}
}

// platform ties the types of this package to CDF.
func platform() entity.Platform[api] {
	return entity.Platform[api]{
		Title:      "CDF",
		Connection: func(c *entity.Connections) *entity.Connection[api] { return c.CDF },
		Explain:    explain,
		Lacks:      lacks,
		Place:      func(cdf api) string { return cdf.Project() },
	}
}

// rfc3339 writes a time of CDF, in milliseconds since 1970, as Terraform users
// expect it. Zero is a time that the server did not tell.
func rfc3339(milliseconds int64) types.String {
	if milliseconds <= 0 {
		return types.StringNull()
	}
	return types.StringValue(time.UnixMilli(milliseconds).UTC().Format(time.RFC3339))
}
