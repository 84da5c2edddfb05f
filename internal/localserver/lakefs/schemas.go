// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

// This file holds the schemas of the request bodies (components/schemas of the
// OpenAPI document of lakeFS) and of the query parameters.

var (
	stringType  = schemaRef{schema: &schema{Type: "string"}}
	someText    = schemaRef{schema: &schema{Type: "string", MinLength: 1}}
	booleanType = schemaRef{schema: &schema{Type: "boolean"}}
	integerType = schemaRef{schema: &schema{Type: "integer"}}
	objectType  = schemaRef{schema: &schema{Type: "object"}}
	stringList  = schemaRef{schema: &schema{Type: "array", Items: &stringType}}
	someStrings = schemaRef{schema: &schema{Type: "array", Items: &stringType, MinItems: 1}}

	effectType = schemaRef{schema: &schema{Type: "string", Enum: []string{effectAllow, effectDeny}}}
	amountType = schemaRef{schema: &schema{
		Type: "integer", Default: 100, Minimum: new(-1.0), Maximum: new(float64(maxPage)),
	}}
)

// record builds the schema of an object with a name in the document.
func record(name string, required []string, properties map[string]schemaRef) schemaRef {
	return schemaRef{name: name, schema: &schema{Type: "object", Required: required, Properties: properties}}
}

// hidden marks a schema whose values may hold secrets.
func hidden(s schemaRef) schemaRef {
	s.secret = true
	return s
}

var (
	userSchema = record("UserCreation", []string{"id"}, map[string]schemaRef{
		"id": stringType, "invite_user": booleanType,
	})
	groupSchema184 = record("GroupCreation", []string{"id"}, map[string]schemaRef{
		"id": stringType, "description": stringType,
	})
	groupSchema097 = record("GroupCreation", []string{"id"}, map[string]schemaRef{
		"id": stringType,
	})
	conditionSchema = schemaRef{name: "PolicyCondition", schema: &schema{
		Type: "object", AdditionalProperties: &stringList,
	}}
	statementSchema184 = record("Statement", []string{"effect", "resource", "action"}, map[string]schemaRef{
		"effect": effectType, "resource": stringType, "action": someStrings,
		"condition": {schema: &schema{Type: "object", AdditionalProperties: &conditionSchema}},
	})
	statementSchema097 = record("Statement", []string{"effect", "resource", "action"}, map[string]schemaRef{
		"effect": effectType, "resource": stringType, "action": someStrings,
	})
	aclSchema   = record("ACL", []string{"permission"}, map[string]schemaRef{"permission": stringType})
	loginSchema = hidden(record("LoginInformation", []string{"access_key_id", "secret_access_key"}, map[string]schemaRef{
		"access_key_id": stringType, "secret_access_key": stringType,
	}))
	keySchema = record("AccessKeyCredentials", []string{"access_key_id", "secret_access_key"}, map[string]schemaRef{
		"access_key_id": someText, "secret_access_key": someText,
	})
	setupSchema184 = hidden(record("Setup", []string{"username"}, map[string]schemaRef{
		"username": stringType, "key": keySchema, "firstName": stringType, "lastName": stringType, "email": stringType,
		"companyName": stringType, "featureUpdates": booleanType, "securityUpdates": booleanType,
	}))
	setupSchema097 = hidden(record("Setup", []string{"username"}, map[string]schemaRef{
		"username": stringType, "key": keySchema,
	}))
	externalSchema = record("ExternalPrincipalCreation", nil, map[string]schemaRef{"settings": objectType})

	externalLoginSchema = hidden(record("ExternalLoginInformation", []string{"identityRequest"}, map[string]schemaRef{
		"identityRequest": objectType, "token_expiration_duration": integerType,
	}))
	stsSchema = hidden(record("StsAuthRequest", []string{"code", "state", "redirect_uri"}, map[string]schemaRef{
		"code": stringType, "state": stringType, "redirect_uri": stringType, "ttl_seconds": integerType,
	}))
	forgotSchema   = record("ForgotPasswordRequest", []string{"email"}, map[string]schemaRef{"email": stringType})
	passwordSchema = hidden(record("UpdatePasswordByToken", []string{"token", "newPassword"}, map[string]schemaRef{
		"token": stringType, "newPassword": stringType, "email": stringType,
	}))
)

// policySchema is the schema of a policy with the statements of a version.
func policySchema(statement schemaRef) schemaRef {
	return record("Policy", []string{"id", "statement"}, map[string]schemaRef{
		"id": stringType, "creation_date": integerType,
		"statement": {schema: &schema{Type: "array", Items: &statement, MinItems: 1}},
	})
}

// byName indexes schemas by the name they have in the document.
func byName(schemas ...schemaRef) map[string]schemaRef {
	index := make(map[string]schemaRef, len(schemas))
	for _, s := range schemas {
		index[s.name] = s
	}
	return index
}
