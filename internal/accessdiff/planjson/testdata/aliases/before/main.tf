terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

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

resource "iam_lakefs_user" "deva" {
  provider = iam.dev

  id = "deva"
}

resource "iam_lakefs_policy_attachment" "read_ann" {
  policy_id = iam_lakefs_policy.read.id
  user_id   = iam_lakefs_user.ann.id
}

