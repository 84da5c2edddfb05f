terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

resource "terraform_data" "later" {
  input = "lake"
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

resource "iam_lakefs_group" "two" {
  name = "two"
}

resource "iam_lakefs_policy" "later" {
  id = "later"

  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/${terraform_data.later.output}/*"]
  }
}

resource "iam_lakefs_policy_attachment" "later_one" {
  policy_id = iam_lakefs_policy.later.id
  group_id  = iam_lakefs_group.one.id
}

resource "iam_lakefs_group_membership" "one_ann" {
  group_id = iam_lakefs_group.one.id
  user_id  = iam_lakefs_user.ann.id
}

resource "iam_lakefs_policy" "read" {
  id = "read"

  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject", "fs:ListObjects"]
    resources = ["arn:lakefs:fs:::repository/lake/*"]
  }
}

resource "iam_lakefs_policy_attachment" "read_two" {
  policy_id = iam_lakefs_policy.read.id
  group_id  = iam_lakefs_group.two.id
}

