# The import id is the project's URL name, which must be the provider's project.
terraform import iam_cdf_user_profiles_configuration.this acme
