terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

# Deleting the old key has failed, so it is deposed; now the key is rotated again.

resource "iam_lakefs_user" "ann" {
  id = "ann"
}

resource "iam_lakefs_credentials" "ann" {
  user_id         = iam_lakefs_user.ann.id
  rotate_triggers = { month = "3" }

  lifecycle {
    create_before_destroy = true
  }
}
