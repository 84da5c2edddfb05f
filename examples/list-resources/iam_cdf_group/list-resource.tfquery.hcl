# All groups, with what each grants.
list "iam_cdf_group" "all" {
  provider         = iam
  include_resource = true
}

# The groups whose name begins with "extractors".
list "iam_cdf_group" "extractors" {
  provider = iam

  config {
    name_prefix = "extractors"
  }
}
