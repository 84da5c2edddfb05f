# All policies, with their statements and permissions.
list "iam_lakefs_policy" "all" {
  provider         = iam
  include_resource = true
}
