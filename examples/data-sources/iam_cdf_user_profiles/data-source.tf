# Users, service principals and internal services.
data "iam_cdf_user_profiles" "all" {
  identity_type = "ALL"
}

# Users whose name begins so.
data "iam_cdf_user_profiles" "annas" {
  search = "Anna"
  limit  = 10
}

# The users that a group has as members.
data "iam_cdf_user_profiles" "members" {
  user_identifiers = ["user-bo", "user-carla"]
}

output "members" {
  value = data.iam_cdf_user_profiles.members.profiles[*].email
}

output "job_titles" {
  value = { for profile in data.iam_cdf_user_profiles.all.profiles : profile.user_identifier => profile.job_title }
}

output "annas" {
  value = data.iam_cdf_user_profiles.annas.profiles[*].user_identifier
}
