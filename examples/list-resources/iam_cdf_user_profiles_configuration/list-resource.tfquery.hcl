# Whether the project has user profiles.
list "iam_cdf_user_profiles_configuration" "this" {
  provider         = iam
  include_resource = true
}
