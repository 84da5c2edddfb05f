# All policies that are attached to a group.
list "iam_lakefs_policy_attachments_exclusive" "administrators" {
  provider         = iam
  include_resource = true

  config {
    group_id = "Admins"
  }
}
