terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

# moved, imported and removed: nothing changes for ann. The group admins and its member admin exist already.

moved {
  from = iam_lakefs_group.one
  to   = iam_lakefs_group.uno
}

moved {
  from = iam_lakefs_group_membership.one_ann
  to   = iam_lakefs_group_membership.ann["uno"]
}

removed {
  from = iam_lakefs_policy_attachment.write_ann

  lifecycle {
    destroy = false
  }
}

import {
  to = iam_lakefs_group_membership.admin
  id = "Admins/admin"
}

resource "iam_lakefs_group_membership" "admin" {
  group_id = "Admins"
  user_id  = "admin"
}

resource "iam_lakefs_group_membership" "ann" {
  for_each = toset(["uno"])

  group_id = iam_lakefs_group.uno.id
  user_id  = iam_lakefs_user.ann.id
}

resource "iam_lakefs_user" "ann" {
  id = "ann"
}

resource "iam_lakefs_group" "uno" {
  name = "one"
}

resource "iam_lakefs_policy" "read" {
  id = "read"

  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject", "fs:ListObjects"]
    resources = ["arn:lakefs:fs:::repository/lake/*"]
  }
}

resource "iam_lakefs_policy" "write" {
  id = "write"

  statement {
    effect    = "allow"
    actions   = ["fs:WriteObject"]
    resources = ["arn:lakefs:fs:::repository/lake/*"]
  }
}

resource "iam_lakefs_policy_attachment" "read_one" {
  policy_id = iam_lakefs_policy.read.id
  group_id  = iam_lakefs_group.uno.id
}
