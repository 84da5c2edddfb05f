terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

# ann has the same by another group; bob gets write from both and loses nothing; the deny goes.

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

resource "iam_lakefs_policy" "nosalaries" {
  id = "nosalaries"

  statement {
    effect    = "deny"
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/lake/object/salaries/*"]
  }
}

resource "iam_lakefs_group_membership" "two_ann" {
  group_id = iam_lakefs_group.two.id
  user_id  = iam_lakefs_user.ann.id
}

resource "iam_lakefs_policy_attachment" "read_two" {
  policy_id = iam_lakefs_policy.read.id
  group_id  = iam_lakefs_group.two.id
}

resource "iam_lakefs_group_membership" "two_bob" {
  group_id = iam_lakefs_group.two.id
  user_id  = iam_lakefs_user.bob.id
}

resource "iam_lakefs_policy_attachment" "write_two" {
  policy_id = iam_lakefs_policy.write.id
  group_id  = iam_lakefs_group.two.id
}

