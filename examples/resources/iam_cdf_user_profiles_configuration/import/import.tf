import {
  to = iam_cdf_user_profiles_configuration.this
  id = "acme"
}

resource "iam_cdf_user_profiles_configuration" "this" {
  enabled = true
}
