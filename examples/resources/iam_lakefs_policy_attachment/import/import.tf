import {
  to = iam_lakefs_policy_attachment.analysts_read_lake
  id = "group/analysts/ReadLake"
}

resource "iam_lakefs_policy_attachment" "analysts_read_lake" {
  group_id  = "analysts"
  policy_id = "ReadLake"
}

import {
  to = iam_lakefs_policy_attachment.etl_read_all
  id = "user/etl/FSReadAll"
}

resource "iam_lakefs_policy_attachment" "etl_read_all" {
  user_id   = "etl"
  policy_id = "FSReadAll"
}
