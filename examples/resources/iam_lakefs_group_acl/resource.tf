# For a lakeFS with access control lists in place of policies: auth.ui_config.rbac is simplified.
resource "iam_lakefs_group" "analysts" {
  name = "analysts"
}

resource "iam_lakefs_group_acl" "analysts" {
  group_id   = iam_lakefs_group.analysts.id
  permission = "Read"
}
