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

resource "iam_lakefs_policy_attachment" "write_two" {
  policy_id = iam_lakefs_policy.write.id
  group_id  = iam_lakefs_group.two.id
}

resource "iam_lakefs_group_memberships_exclusive" "one" {
  group_id = iam_lakefs_group.one.id
  user_ids = [iam_lakefs_user.bob.id, iam_lakefs_user.cat.id]
}

resource "iam_lakefs_policy_attachments_exclusive" "one" {
  group_id   = iam_lakefs_group.one.id
  policy_ids = [iam_lakefs_policy.read.id, iam_lakefs_policy.write.id]
}

# Destroying the exclusive resource of the group two removes nobody; taking over the group Viewers may remove somebody.
resource "iam_lakefs_group_memberships_exclusive" "viewers" {
  group_id = "Viewers"
  user_ids = [iam_lakefs_user.cat.id]
}

resource "iam_lakefs_policy_attachment" "viewers" {
  policy_id = iam_lakefs_policy.write.id
  group_id  = "Viewers"
}
