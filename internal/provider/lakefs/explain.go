// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// needsAuthServer says what a lakeFS without RBAC lacks.
const needsAuthServer = " Users, groups and policies need a lakeFS with an auth server (auth.ui_config.rbac set to internal or external). " +
	"Where it is set to simplified, iam_lakefs_group_acl takes the place of policies. "

// needsACLServer says what access control lists need.
const needsACLServer = " Access control lists of groups need a lakeFS with its ACL server (auth.ui_config.rbac set to simplified). " +
	"Where lakeFS works with policies, use iam_lakefs_policy and iam_lakefs_policy_attachment."

// resourceOf names the Terraform type of each kind of object.
var resourceOf = map[string]string{
	"user":              "iam_lakefs_user",
	"group":             "iam_lakefs_group",
	"policy":            "iam_lakefs_policy",
	"group membership":  "iam_lakefs_group_membership",
	"policy attachment": "iam_lakefs_policy_attachment",

	"group ACL":          "iam_lakefs_group_acl",
	"external principal": "iam_lakefs_external_principal",
}

// explain says what went wrong and what to do next.
func explain(err error) string {
	var (
		exists   *snapshot.ExistsError
		claimed  *snapshot.ClaimedError
		noRBAC   *snapshot.NoRBACError
		byPolicy *snapshot.NoACLsError
		unlisted *snapshot.StillListedError
		lost     *snapshot.UnresolvedError
		unread   *snapshot.UnreadableError
		password *passwordError
	)
	switch {
	case errors.As(err, &password):
		return entity.Sentence(password.meaning) + " Server answer: " + entity.Sentence(password.Error())
	case errors.As(err, &exists):
		return explainExisting(exists)
	case errors.As(err, &claimed):
		return entity.Sentence(claimed.Error()) + " Keep one of the two: they would undo each other."
	case errors.As(err, &unlisted):
		return entity.Sentence(unlisted.Error()) + " Change or remove it on the auth server itself, then run the same command again."
	case errors.As(err, &lost):
		return entity.Sentence(lost.Error()) + " Check the server before you apply again; what exists by then is not taken over but can be imported."
	case errors.As(err, &unread):
		return entity.Sentence(unread.Error()) + " Check that the endpoint is lakeFS itself. What exists by now is not taken over but can be imported or removed; a key is named in a warning: revoke it."
	case errors.As(err, &noRBAC):
		return entity.Sentence(noRBAC.Error()) + needsAuthServer + "Server answer: " + entity.Sentence(noRBAC.Err.Error())
	case errors.As(err, &byPolicy):
		return entity.Sentence(byPolicy.Error()) + needsACLServer
	case lakefsapi.IsNoACL(err):
		return "the group has policies that are not those of an access control list. Setting one would take them from the group. " +
			"Detach them first, or leave the group to iam_lakefs_policy_attachment. Server answer: " + entity.Sentence(err.Error())
	case lakefsapi.IsNotImplemented(err) && lackingPart(err) != "":
		return lackingPart(err) + " Server answer: " + entity.Sentence(err.Error())
	case lakefsapi.IsNotImplemented(err):
		return "this lakeFS runs without role-based access control, or without this part of it: its server answered that it does not implement the operation." +
			needsAuthServer + "Server answer: " + entity.Sentence(err.Error())
	case lakefsapi.IsNotAuthenticated(err):
		return "lakeFS sees no credentials in the request and answers as to an anonymous caller. " +
			"Set access_key_id and secret_access_key in the provider's lakefs block, or LAKECTL_CREDENTIALS_ACCESS_KEY_ID and LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY."
	case lakefsapi.IsCredentialsRejected(err):
		return "lakeFS rejected the credentials. Check access_key_id and secret_access_key (or token) in the provider's lakefs block, " +
			"LAKECTL_CREDENTIALS_ACCESS_KEY_ID and LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY, or lakectl's file, and that the key belongs to this server. Server answer: " + entity.Sentence(err.Error())
	case lakefsapi.IsNotPermitted(err):
		return explainRefusal(err)
	case lakefsapi.IsNotFound(err):
		return entity.Sentence(err.Error()) + missingEnd(err)
	default:
		return entity.Sentence(err.Error())
	}
}

// missingEnds says what a 404 to a write means: lakeFS itself often does not.
var missingEnds = map[string]string{
	"addGroupMembership":  "the group or the user",
	"attachPolicyToGroup": "the policy or the group",
	"attachPolicyToUser":  "the policy or the user",
	"createCredentials":   "the user",
	"setGroupACL":         "the group",

	"createUserExternalPrincipal": "the user",
}

// lackingParts says of operations that most servers do not have what they need.
var lackingParts = map[string]string{
	"getGroupACL":                 lacksACLs,
	"setGroupACL":                 lacksACLs,
	"getExternalPrincipal":        lacksExternals,
	"createUserExternalPrincipal": lacksExternals,
	"deleteUserExternalPrincipal": lacksExternals,
}

const (
	lacksACLs      = "this lakeFS has no access control lists of groups: its server answered that it does not implement the operation." + needsACLServer
	lacksExternals = "this lakeFS has no external principals: its server answered that it does not implement the operation. They are experimental, and need an auth server that implements them, which no public one does."
)

func lackingPart(err error) string {
	failed, ok := errors.AsType[*httpapi.Error](err)
	if !ok {
		return ""
	}
	return lackingParts[failed.Operation]
}

func missingEnd(err error) string {
	var failed *httpapi.Error
	if !errors.As(err, &failed) || missingEnds[failed.Operation] == "" {
		return ""
	}
	if strings.Contains(failed.Object, "+") {
		return " So " + missingEnds[failed.Operation] + " does not exist, or cannot be addressed: current versions of lakeFS lose the \"+\" in an id."
	}
	return " So " + missingEnds[failed.Operation] + " does not exist. Refer to the id of the resource that creates it, so that Terraform makes it first."
}

func explainExisting(exists *snapshot.ExistsError) string {
	return fmt.Sprintf("%s An object that exists is never taken over silently. To manage it with Terraform, import it:\n\n"+
		"  import {\n    to = %s.NAME\n    id = %s\n  }\n\nwhere NAME is the name of your resource block. %s",
		entity.Sentence(exists.Error()), resourceOf[exists.Kind], entity.HCLString(exists.ID), unlessManaged(exists.Kind))
}

// unlessManaged says when importing what exists is wrong.
func unlessManaged(kind string) string {
	if kind == "group membership" || kind == "policy attachment" || kind == "group ACL" {
		return "But if another resource manages it, in this configuration or another one, remove this one: they would undo each other."
	}
	return "But if Terraform is replacing this very object, it makes the new one first because of create_before_destroy, " +
		"which also holds for everything that a resource with it depends on: lakeFS cannot have both. " +
		"Take that rule out for this apply, or, if the object is only tainted, run terraform untaint."
}

// insteadOfPolicy says what else permits operations of servers that have no policies.
var insteadOfPolicy = map[string]string{"getGroupACL": orAdminACL, "setGroupACL": orAdminACL}

const orAdminACL = ", or, where there are no policies, make it a member of a group whose access control list is Admin"

// explainRefusal names the permission that the caller lacks, and the statement
// that would grant it.
func explainRefusal(err error) string {
	var failed *httpapi.Error
	if !errors.As(err, &failed) {
		return entity.Sentence(err.Error())
	}
	required, known := lakefspolicy.Required(failed.Operation, objectOf(failed))
	if !known || len(required) == 0 {
		return "not permitted. " + entity.Sentence(err.Error())
	}
	var needs []string
	for _, permission := range required {
		needs = append(needs, permission.String())
	}
	return fmt.Sprintf("not permitted: needs %s. Add this to a policy of the caller%s:\n\n%s\n\nServer answer: %s",
		strings.Join(needs, " and "), insteadOfPolicy[failed.Operation], remedy(required...), entity.Sentence(err.Error()))
}

// objectOf names the object of a failed call. That of a create is in its body.
func objectOf(failed *httpapi.Error) lakefspolicy.Object {
	if len(failed.Params) > 0 {
		return failed.Params
	}
	return lakefspolicy.Object{"userId": failed.Object, "groupId": failed.Object, "policyId": failed.Object, "principalId": failed.Object}
}
