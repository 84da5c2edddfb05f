data "iam_cdf_project" "current" {}

# What the identity provider's administrators need to know: the source_id of a
# group is compared with these claims of a token.
output "login" {
  value = {
    issuer        = data.iam_cdf_project.current.issuer
    audience      = data.iam_cdf_project.current.audience
    access_claims = data.iam_cdf_project.current.access_claims
  }
}

output "has_user_profiles" {
  value = data.iam_cdf_project.current.user_profiles_enabled
}
