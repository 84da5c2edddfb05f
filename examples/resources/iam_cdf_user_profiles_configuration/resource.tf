# The setting of the project that the provider is configured for.
resource "iam_cdf_user_profiles_configuration" "this" {
  enabled = true
}

output "project" {
  value = iam_cdf_user_profiles_configuration.this.project
}
