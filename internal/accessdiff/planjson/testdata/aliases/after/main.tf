terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

# The user of another provider configuration leaves the configuration.

provider "iam" {
  alias = "dev"
}

resource "iam_lakefs_user" "ann" {
  id = "ann"
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

resource "iam_lakefs_policy_attachment" "read_ann" {
  policy_id = iam_lakefs_policy.read.id
  user_id   = iam_lakefs_user.ann.id
}

resource "iam_lakefs_policy_attachment" "dev" {
  provider = iam.dev

  policy_id = iam_lakefs_policy.write.id
  user_id   = "ann"
}
