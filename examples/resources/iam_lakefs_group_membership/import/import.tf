import {
  to = iam_lakefs_group_membership.etl_in_analysts
  id = "analysts/etl"
}

resource "iam_lakefs_group_membership" "etl_in_analysts" {
  group_id = "analysts"
  user_id  = "etl"
}
