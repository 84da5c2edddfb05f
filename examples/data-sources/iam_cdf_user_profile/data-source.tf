# The caller's own profile.
data "iam_cdf_user_profile" "me" {}

# Somebody's profile.
data "iam_cdf_user_profile" "anna" {
  user_identifier = "user-anna"
}

output "caller" {
  value = data.iam_cdf_user_profile.me.display_name
}

output "anna" {
  value = "${data.iam_cdf_user_profile.anna.display_name} <${data.iam_cdf_user_profile.anna.email}>"
}
