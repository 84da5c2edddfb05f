import {
  to = iam_lakefs_group_memberships_exclusive.admins
  id = "lake-admins"
}

resource "iam_lakefs_group_memberships_exclusive" "admins" {
  group_id = "lake-admins"
  user_ids = ["ann", "ben"]
}
