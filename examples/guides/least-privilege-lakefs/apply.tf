# What a caller needs to apply and destroy every resource of lakeFS.
# Written by `make generate` from the operations that the provider makes.
resource "iam_lakefs_policy" "terraform_apply" {
  id = "TerraformApply"

  statement {
    effect    = "allow"
    actions   = ["auth:ReadUser", "auth:ListCredentials", "auth:CreateCredentials", "auth:DeleteCredentials", "auth:ReadCredentials", "auth:CreateUserExternalPrincipal", "auth:DeleteUserExternalPrincipal", "auth:AttachPolicy", "auth:DetachPolicy", "auth:CreateUser", "auth:DeleteUser"]
    resources = ["arn:lakefs:auth:::user/*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ReadGroup", "auth:CreateGroup", "auth:DeleteGroup", "auth:AddGroupMember", "auth:RemoveGroupMember", "auth:AttachPolicy", "auth:DetachPolicy"]
    resources = ["arn:lakefs:auth:::group/*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ListGroups", "auth:ListPolicies", "auth:ListUsers"]
    resources = ["*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ReadPolicy", "auth:CreatePolicy", "auth:DeletePolicy", "auth:UpdatePolicy"]
    resources = ["arn:lakefs:auth:::policy/*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ReadPolicy", "auth:AttachPolicy", "auth:UpdatePolicy"]
    resources = ["arn:lakefs:auth:::policy/ACL(_-_)*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ReadExternalPrincipal"]
    resources = ["arn:lakefs:auth:::externalPrincipal/*"]
  }
}
