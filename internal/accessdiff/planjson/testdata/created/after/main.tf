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

resource "iam_lakefs_user" "cat" {
  id = "cat"
}

resource "iam_lakefs_user" "dan" {
  id = "dan"
}

resource "iam_lakefs_user" "eve" {
  id = "eve"
}

resource "iam_lakefs_group" "one" {
  name = "one"
}

resource "iam_lakefs_group" "many" {
  for_each = toset(["x", "y"])

  name = each.key
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
  group_id  = iam_lakefs_group.one.id
}

resource "iam_lakefs_policy_attachment" "chain" {
  for_each = iam_lakefs_group.many

  policy_id = iam_lakefs_policy.write.id
  group_id  = each.value.id
}

resource "iam_lakefs_group_membership" "direct" {
  group_id = iam_lakefs_group.one.id
  user_id  = iam_lakefs_user.ann.id
}

resource "iam_lakefs_group_membership" "index" {
  group_id = iam_lakefs_group.many["x"].id
  user_id  = iam_lakefs_user.bob.id
}

# Which of the two groups is meant, a plan does not tell.
locals {
  choice = { dan = "y" }
}

resource "iam_lakefs_group_membership" "chosen" {
  for_each = local.choice

  group_id = iam_lakefs_group.many[each.value].id
  user_id  = iam_lakefs_user.dan.id
}

module "inner" {
  source = "./inner"

  group = iam_lakefs_group.one.id
  user  = iam_lakefs_user.cat.id
}

resource "iam_lakefs_group_membership" "output" {
  group_id = module.inner.group
  user_id  = iam_lakefs_user.eve.id
}
