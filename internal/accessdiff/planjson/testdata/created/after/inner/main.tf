terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

variable "group" {
  type = string
}

variable "user" {
  type = string
}

resource "iam_lakefs_group" "inner" {
  name = "inner"
}

resource "iam_lakefs_policy" "inner" {
  id = "inner"

  statement {
    effect    = "allow"
    actions   = ["fs:CreateTag"]
    resources = ["arn:lakefs:fs:::repository/lake/tag/*"]
  }
}

resource "iam_lakefs_policy_attachment" "inner" {
  policy_id = iam_lakefs_policy.inner.id
  group_id  = iam_lakefs_group.inner.id
}

resource "iam_lakefs_group_membership" "variable" {
  group_id = var.group
  user_id  = var.user
}

output "group" {
  value = iam_lakefs_group.inner.id
}
