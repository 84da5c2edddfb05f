import {
  to = iam_lakefs_group_acl.analysts
  id = "analysts"
}

resource "iam_lakefs_group_acl" "analysts" {
  group_id   = "analysts"
  permission = "Read"
}
