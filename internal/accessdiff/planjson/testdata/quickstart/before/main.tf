# Who works with the repository "lake", and what each of them may do with it.

terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

# No provider block: run.sh puts endpoint and key of the local server into the environment.

variable "analysts_may_commit" {
  description = "Whether analysts may change data, too. run.sh sets it to show the plan of that."
  type        = bool
  default     = false
}

locals {
  groups = {
    analysts  = "Read the data of the lake."
    engineers = "Read and change the data of the lake."
  }

  # Each person or program, with its groups.
  users = {
    ada   = ["analysts"]
    grace = ["analysts", "engineers"]
    etl   = ["engineers"]
  }

  memberships = merge([
    for user, groups in local.users : {
      for group in groups : "${group}/${user}" => { group = group, user = user }
    }
  ]...)

  read   = ["fs:ReadRepository", "fs:ReadObject", "fs:ListObjects"]
  commit = ["fs:WriteObject", "fs:CreateCommit"]
}

resource "iam_lakefs_user" "this" {
  for_each = local.users

  id = each.key
}

resource "iam_lakefs_group" "this" {
  for_each = local.groups

  name        = each.key
  description = each.value
}

resource "iam_lakefs_group_membership" "this" {
  for_each = local.memberships

  group_id = iam_lakefs_group.this[each.value.group].id
  user_id  = iam_lakefs_user.this[each.value.user].id
}

resource "iam_lakefs_policy" "analysts" {
  id = "LakeAnalysts"

  statement {
    effect    = "allow"
    actions   = concat(local.read, var.analysts_may_commit ? local.commit : [])
    resources = ["arn:lakefs:fs:::repository/lake", "arn:lakefs:fs:::repository/lake/*"]
  }

  # A deny wins over every allow.
  statement {
    effect    = "deny"
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/lake/object/salaries/*"]
  }
}

resource "iam_lakefs_policy" "engineers" {
  id = "LakeEngineers"

  statement {
    effect    = "allow"
    actions   = ["fs:*"]
    resources = ["arn:lakefs:fs:::repository/lake", "arn:lakefs:fs:::repository/lake/*"]
  }
}

resource "iam_lakefs_policy_attachment" "this" {
  for_each = {
    analysts  = iam_lakefs_policy.analysts.id
    engineers = iam_lakefs_policy.engineers.id
  }

  group_id  = iam_lakefs_group.this[each.key].id
  policy_id = each.value
}

# The key of the program. Changing rotate_triggers makes a new one before the old goes.
resource "iam_lakefs_credentials" "etl" {
  user_id         = iam_lakefs_user.this["etl"].id
  rotate_triggers = { month = "2026-11" }

  lifecycle {
    create_before_destroy = true
  }
}

data "iam_lakefs_current_user" "caller" {}

check "the_caller_does_not_manage_itself" {
  assert {
    condition     = !contains(keys(local.users), data.iam_lakefs_current_user.caller.id)
    error_message = "The user that runs Terraform is managed here, too: a mistake could lock it out."
  }
}

output "caller" {
  description = "The user that made all this."
  value       = data.iam_lakefs_current_user.caller.id
}

output "members" {
  description = "Who is in which group."
  value       = { for group, _ in local.groups : group => [for user, groups in local.users : user if contains(groups, group)] }
}

output "etl_access_key_id" {
  description = "The id of the program's key."
  value       = iam_lakefs_credentials.etl.access_key_id
}

output "etl_secret_access_key" {
  description = "The secret of the program's key; Terraform hides it."
  value       = iam_lakefs_credentials.etl.secret_access_key
  sensitive   = true
}
