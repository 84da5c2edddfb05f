# All security categories.
list "iam_cdf_security_category" "all" {
  provider = iam
}
