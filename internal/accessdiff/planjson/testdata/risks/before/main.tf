terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

resource "iam_lakefs_user" "root" {
  id = "root"
}

resource "iam_lakefs_user" "ann" {
  id = "ann"
}

resource "iam_lakefs_user" "bob" {
  id = "bob"
}

resource "iam_lakefs_group" "admins" {
  name = "admins"
}

resource "iam_lakefs_group" "staff" {
  name = "staff"
}

resource "iam_lakefs_policy" "admin" {
  id = "admin"

  statement {
    effect    = "allow"
    actions   = ["auth:*"]
    resources = ["*"]
  }
}

resource "iam_lakefs_policy" "read" {
  id = "read"

  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject", "fs:ListObjects"]
    resources = ["arn:lakefs:fs:::repository/lake/*"]
  }
}

resource "iam_lakefs_policy" "nosalaries" {
  id = "nosalaries"

  statement {
    effect    = "deny"
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/lake/object/salaries/*"]
  }
}

resource "iam_lakefs_group_membership" "admins_root" {
  group_id = iam_lakefs_group.admins.id
  user_id  = iam_lakefs_user.root.id
}

resource "iam_lakefs_policy_attachment" "admin_admins" {
  policy_id = iam_lakefs_policy.admin.id
  group_id  = iam_lakefs_group.admins.id
}

resource "iam_lakefs_group_membership" "staff_ann" {
  group_id = iam_lakefs_group.staff.id
  user_id  = iam_lakefs_user.ann.id
}

resource "iam_lakefs_policy_attachment" "read_staff" {
  policy_id = iam_lakefs_policy.read.id
  group_id  = iam_lakefs_group.staff.id
}

resource "iam_lakefs_policy_attachment" "nosalaries_staff" {
  policy_id = iam_lakefs_policy.nosalaries.id
  group_id  = iam_lakefs_group.staff.id
}

data "iam_lakefs_current_user" "caller" {}
