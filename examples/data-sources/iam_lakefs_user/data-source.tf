data "iam_lakefs_current_user" "caller" {}

data "iam_lakefs_user" "caller" {
  id                  = data.iam_lakefs_current_user.caller.id
  include_groups      = true
  include_credentials = true
}

output "groups_of_caller" {
  value = data.iam_lakefs_user.caller.groups[*].name
}

# Keys that were made before 2026, as candidates for rotation.
output "old_keys_of_caller" {
  value = [
    for key in data.iam_lakefs_user.caller.credentials : key.access_key_id
    if timecmp(key.creation_date, "2026-01-01T00:00:00Z") < 0
  ]
}
