// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// peer is the provider that users of lakeFS come from. What follows reads its state as its
// schemas have it: times are Unix seconds, and a policy is a list of statements in JSON.
const peer = "Face-to-Face-IT/lakefs"

func movesToUser() []entity.Move[userModel] {
	return []entity.Move[userModel]{{Provider: peer, Type: "lakefs_user", Model: func(s *entity.Source) userModel {
		return userModel{
			ID:                         s.Text("id"),
			InviteUser:                 types.BoolValue(false),
			RevokeCredentialsOnDestroy: types.BoolValue(true),
			RevokeLeftoverCredentials:  types.BoolValue(false),
			CreationDate:               movedTime(s),
			FriendlyName:               types.StringValue(s.TextOrNull("friendly_name").ValueString()),
		}
	}}}
}

// movesToGroup takes the id for the name as well: the other provider works only on servers
// where they are the same.
func movesToGroup() []entity.Move[groupModel] {
	return []entity.Move[groupModel]{{Provider: peer, Type: "lakefs_group", Model: func(s *entity.Source) groupModel {
		id := s.Text("id")
		return groupModel{
			ID: id, Name: id,
			Description:  types.StringValue(s.TextOrNull("description").ValueString()),
			CreationDate: movedTime(s),
		}
	}}}
}

func movesToGroupMembership() []entity.Move[groupMembershipModel] {
	return []entity.Move[groupMembershipModel]{{Provider: peer, Type: "lakefs_group_membership", Model: func(s *entity.Source) groupMembershipModel {
		return groupMembershipModel{GroupID: s.Text("group_id"), UserID: s.Text("user_id")}
	}}}
}

func movesToPolicyAttachment() []entity.Move[policyAttachmentModel] {
	return []entity.Move[policyAttachmentModel]{
		{Provider: peer, Type: "lakefs_user_policy_attachment", Model: func(s *entity.Source) policyAttachmentModel {
			return policyAttachmentModel{PolicyID: s.Text("policy_id"), UserID: s.Text("user_id")}
		}},
		{Provider: peer, Type: "lakefs_group_policy_attachment", Model: func(s *entity.Source) policyAttachmentModel {
			return policyAttachmentModel{PolicyID: s.Text("policy_id"), GroupID: s.Text("group_id")}
		}},
	}
}

func movesToCredentials() []entity.Move[credentialsModel] {
	return []entity.Move[credentialsModel]{{Provider: peer, Type: "lakefs_user_credentials", Model: func(s *entity.Source) credentialsModel {
		return credentialsModel{
			UserID: s.Text("user_id"), AccessKeyID: s.Text("access_key_id"), SecretAccessKey: s.TextOrNull("secret_access_key"),
			RotateTriggers: noTriggers(), CreationDate: movedTime(s),
		}
	}}}
}

// movesToPolicy writes the statements as a document that holds them as they were spelled: it
// is what `document = jsonencode({ statement = ... })` makes of the other provider's
// `statement = jsonencode(...)`. Blocks of the same meaning are no change either.
func movesToPolicy() []entity.Move[policyModel] {
	return []entity.Move[policyModel]{{Provider: peer, Type: "lakefs_policy", Model: func(s *entity.Source) policyModel {
		id := s.Text("id")
		document, statements, err := documentOfList(s.Text("statement").ValueString())
		if err != nil {
			s.Fail(fmt.Errorf("its attribute statement cannot be read: %w", err))
		}
		return policyModel{
			ID: id, Statement: noStatements(), Document: types.StringValue(document),
			CreationDate: movedTime(s), Permissions: permissionsValue(statements, ""),
		}
	}}}
}

// documentOfList makes a policy document of a list of statements.
func documentOfList(list string) (string, []lakefspolicy.Statement, error) {
	if !json.Valid([]byte(list)) { // it could be more than one member of the document
		return "", nil, errors.New("it is not JSON")
	}
	document := `{"statement":` + list + `}`
	parsed, err := lakefspolicy.ParseDocument([]byte(document))
	return document, parsed.Statements, err
}

// movedTime is when an object was made.
func movedTime(s *entity.Source) types.String {
	return rfc3339(s.NumberOrNull("creation_date").ValueInt64())
}
