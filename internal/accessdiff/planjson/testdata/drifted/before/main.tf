terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

resource "iam_lakefs_user" "ann" {
  id = "ann"
}

resource "iam_lakefs_user" "bob" {
  id = "bob"
}

resource "iam_lakefs_group" "one" {
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

resource "iam_lakefs_group_membership" "one_ann" {
  group_id = iam_lakefs_group.one.id
  user_id  = iam_lakefs_user.ann.id
}

resource "iam_lakefs_group_membership" "one_bob" {
  group_id = iam_lakefs_group.one.id
  user_id  = iam_lakefs_user.bob.id
}

resource "iam_lakefs_policy_attachment" "read_one" {
  policy_id = iam_lakefs_policy.read.id
  group_id  = iam_lakefs_group.one.id
}

