terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

# What the policy says, who is added to the group two, and what the CDF group grants is known only after apply.
# A group of which the id is known only after apply is chosen by a condition.

resource "terraform_data" "later" {
  input = "bob"
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

resource "iam_lakefs_group_membership" "later" {
  group_id = iam_lakefs_group.two.id
  user_id  = terraform_data.later.output
}

resource "iam_cdf_group" "later" {
  name      = "later"
  source_id = "src"

  capabilities_json = jsonencode([{ assetsAcl = { actions = ["READ"], scope = { idScope = { ids = [length(terraform_data.later.output)] } } } }])
}

# A user whose id is known only after apply.
resource "iam_lakefs_user" "pending" {
  id = "new-${terraform_data.later.output}"
}

resource "iam_lakefs_group_membership" "pending" {
  group_id = iam_lakefs_group.two.id
  user_id  = iam_lakefs_user.pending.id
}
