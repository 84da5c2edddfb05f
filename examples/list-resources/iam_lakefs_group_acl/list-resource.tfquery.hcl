# The groups that have an access control list, and what it permits.
list "iam_lakefs_group_acl" "all" {
  provider         = iam
  include_resource = true
}
