// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// describePermissions says in descriptions how permissions are written.
const describePermissions = ": one exact permission for each key, such as `fs:ReadObject on arn:lakefs:fs:::repository/main/*`, and `allow` or `deny` as its value. " +
	"Action patterns are written as the actions that they match, and one key `(any other action)` for names that are not known. " +
	"What another permission covers is left out. Beyond 2,000 permissions the patterns stay as they are."

func permissionsAttribute(description string) schema.MapAttribute {
	return schema.MapAttribute{
		MarkdownDescription: description + describePermissions,
		Computed:            true, ElementType: types.StringType,
	}
}

// permissionsValue is the value of permissions attributes, of one user or, with the empty
// id, of any.
func permissionsValue(statements []lakefspolicy.Statement, user string) types.Map {
	return entity.TextMap(lakefspolicy.PermissionLines(statements, user))
}
