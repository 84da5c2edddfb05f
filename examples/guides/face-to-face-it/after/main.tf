terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
    lakefs = { # needed until the moves are applied
      source = "Face-to-Face-IT/lakefs"
    }
  }
}

resource "iam_lakefs_user" "etl" {
  id = "etl"
}

resource "iam_lakefs_user" "analyst" {
  for_each = toset(["ada", "grace"])

  id = each.key
}

# What was called id is the name: the server may choose another id.
resource "iam_lakefs_group" "analysts" {
  name        = "analysts"
  description = "Those who read the lake."
}

# The smallest change: the list becomes the statement of a document …
resource "iam_lakefs_policy" "read_lake" {
  id = "ReadLake"
  document = jsonencode({ statement = [{
    effect   = "allow"
    action   = ["fs:ReadObject", "fs:ListObjects"]
    resource = "arn:lakefs:fs:::repository/lake/*"
  }] })
}

# … and blocks of the same meaning plan no change either.
resource "iam_lakefs_policy" "write_staging" {
  id = "WriteStaging"

  statement {
    effect    = "allow"
    actions   = ["fs:WriteObject"]
    resources = ["arn:lakefs:fs:::repository/staging/*"]
  }
}

resource "iam_lakefs_group_membership" "analyst" {
  for_each = iam_lakefs_user.analyst

  group_id = iam_lakefs_group.analysts.id
  user_id  = each.value.id
}

# Attachments to groups and to users are of one type.
resource "iam_lakefs_policy_attachment" "analysts_read" {
  group_id  = iam_lakefs_group.analysts.id
  policy_id = iam_lakefs_policy.read_lake.id
}

resource "iam_lakefs_policy_attachment" "etl_writes" {
  user_id   = iam_lakefs_user.etl.id
  policy_id = iam_lakefs_policy.write_staging.id
}

# Without rotate_triggers for now: setting them replaces the key.
resource "iam_lakefs_credentials" "etl" {
  user_id = iam_lakefs_user.etl.id
}

output "etl_secret" {
  value     = iam_lakefs_credentials.etl.secret_access_key
  sensitive = true
}

moved {
  from = lakefs_user.etl
  to   = iam_lakefs_user.etl
}

moved { # all of them: the keys of for_each stay
  from = lakefs_user.analyst
  to   = iam_lakefs_user.analyst
}

moved {
  from = lakefs_group.analysts
  to   = iam_lakefs_group.analysts
}

moved {
  from = lakefs_policy.read_lake
  to   = iam_lakefs_policy.read_lake
}

moved {
  from = lakefs_policy.write_staging
  to   = iam_lakefs_policy.write_staging
}

moved {
  from = lakefs_group_membership.analyst
  to   = iam_lakefs_group_membership.analyst
}

moved {
  from = lakefs_group_policy_attachment.analysts_read
  to   = iam_lakefs_policy_attachment.analysts_read
}

moved {
  from = lakefs_user_policy_attachment.etl_writes
  to   = iam_lakefs_policy_attachment.etl_writes
}

moved {
  from = lakefs_user_credentials.etl
  to   = iam_lakefs_credentials.etl
}
