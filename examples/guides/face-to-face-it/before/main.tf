terraform {
  required_providers {
    lakefs = {
      source = "Face-to-Face-IT/lakefs"
    }
  }
}

resource "lakefs_user" "etl" {
  id = "etl"
}

resource "lakefs_user" "analyst" {
  for_each = toset(["ada", "grace"])

  id = each.key
}

resource "lakefs_group" "analysts" {
  id          = "analysts"
  description = "Those who read the lake."
}

resource "lakefs_policy" "read_lake" {
  id = "ReadLake"
  statement = jsonencode([{
    effect   = "allow"
    action   = ["fs:ReadObject", "fs:ListObjects"]
    resource = "arn:lakefs:fs:::repository/lake/*"
  }])
}

resource "lakefs_policy" "write_staging" {
  id = "WriteStaging"
  statement = jsonencode([{
    effect   = "allow"
    action   = ["fs:WriteObject"]
    resource = "arn:lakefs:fs:::repository/staging/*"
  }])
}

resource "lakefs_group_membership" "analyst" {
  for_each = lakefs_user.analyst

  group_id = lakefs_group.analysts.id
  user_id  = each.value.id
}

resource "lakefs_group_policy_attachment" "analysts_read" {
  group_id  = lakefs_group.analysts.id
  policy_id = lakefs_policy.read_lake.id
}

resource "lakefs_user_policy_attachment" "etl_writes" {
  user_id   = lakefs_user.etl.id
  policy_id = lakefs_policy.write_staging.id
}

resource "lakefs_user_credentials" "etl" {
  user_id = lakefs_user.etl.id
}

output "etl_secret" {
  value     = lakefs_user_credentials.etl.secret_access_key
  sensitive = true
}
