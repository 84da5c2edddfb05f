# What a caller needs to refresh and plan every resource of lakeFS, and read every data source.
# Written by `make generate` from the operations that the provider makes.
resource "iam_lakefs_policy" "terraform_plan" {
  id = "TerraformPlan"

  statement {
    effect    = "allow"
    actions   = ["auth:ReadUser", "auth:ListCredentials", "auth:ReadCredentials"]
    resources = ["arn:lakefs:auth:::user/*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ReadGroup"]
    resources = ["arn:lakefs:auth:::group/*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ListGroups", "auth:ListPolicies", "auth:ListUsers"]
    resources = ["*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ReadPolicy"]
    resources = ["arn:lakefs:auth:::policy/*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ReadExternalPrincipal"]
    resources = ["arn:lakefs:auth:::externalPrincipal/*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ReadPolicy"]
    resources = ["arn:lakefs:auth:::policy/ACL(_-_)*"]
  }
}
