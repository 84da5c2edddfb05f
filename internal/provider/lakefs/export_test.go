// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// KeepNewSecret is keepNewSecret for a new key of a user, with a message that no PGP
// key makes. It returns the secret that would be in the state.
func KeepNewSecret(ctx context.Context, lakefs *snapshot.LakeFS, userID string, created lakefsapi.CredentialsWithSecret, sealed message) (secret types.String, err error) {
	m := credentialsModel{UserID: types.StringValue(userID)}
	err = keepNewSecret(ctx, &entity.Session[api]{API: lakefs}, &m, created, sealed)
	return m.SecretAccessKey, err
}
