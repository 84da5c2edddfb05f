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

resource "iam_lakefs_credentials" "ann" {
  user_id         = iam_lakefs_user.ann.id
  rotate_triggers = { month = "2" }

  lifecycle {
    create_before_destroy = true
  }
}
