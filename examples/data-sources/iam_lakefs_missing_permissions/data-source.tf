# An assertion about the caller: where it lacks any of this, the plan stops, lists what is
# missing, and shows what to add to a policy.
data "iam_lakefs_missing_permissions" "terraform" {
  fail_on_missing = true

  permission {
    actions   = ["auth:CreateUser", "auth:DeleteUser", "auth:ListCredentials", "auth:DeleteCredentials"]
    resources = ["arn:lakefs:auth:::user/*"]
  }
  permission {
    actions   = ["auth:ListUsers"]
    resources = ["*"]
  }
}

# A check only warns.
data "iam_lakefs_missing_permissions" "read_main" {
  permission {
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/main/object/*"]
  }
}

check "main_can_be_read" {
  assert {
    condition     = data.iam_lakefs_missing_permissions.read_main.satisfied
    error_message = "Missing to read main: ${data.iam_lakefs_missing_permissions.read_main.missing_json}"
  }
}

# What a policy is about to allow, compared with what a program needs. A postcondition
# stops whatever depends on it, here the policy.
variable "loader_statements" {
  description = "The statements of the policy Loader, in the shape of the API."
  type        = any
  default = [
    { effect = "allow", action = ["fs:*Object", "fs:ListObjects"], resource = "arn:lakefs:fs:::repository/staging/object/*" },
    { effect = "allow", action = ["fs:CreateCommit", "fs:ReadBranch"], resource = "arn:lakefs:fs:::repository/staging/branch/*" },
  ]
}

data "iam_lakefs_missing_permissions" "loader" {
  existing_json = jsonencode(var.loader_statements)

  permission {
    actions   = ["fs:WriteObject"]
    resources = ["arn:lakefs:fs:::repository/staging/object/raw/*"]
  }

  lifecycle {
    postcondition {
      condition     = self.satisfied
      error_message = "The policy Loader would lack ${self.missing_json}."
    }
  }
}

resource "iam_lakefs_policy" "loader" {
  id       = "Loader"
  document = provider::iam::lakefs_policy_document(jsondecode(data.iam_lakefs_missing_permissions.loader.existing_json))
}
