# Each group, with all of its members.
list "iam_lakefs_group_memberships_exclusive" "all" {
  provider         = iam
  include_resource = true
}
