# Admins is one of the groups that the setup of lakeFS makes.
data "iam_lakefs_group" "admins" {
  name             = "Admins"
  include_members  = true
  include_policies = true
}

output "administrators" {
  value = data.iam_lakefs_group.admins.members[*].id
}

output "policies_of_administrators" {
  value = data.iam_lakefs_group.admins.policies[*].id
}
