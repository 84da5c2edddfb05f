import {
  to = iam_lakefs_policy_attachments_exclusive.analysts
  id = "group/analysts"
}

resource "iam_lakefs_policy_attachments_exclusive" "analysts" {
  group_id   = "analysts"
  policy_ids = ["FSReadAll", "ReadLake"]
}

import {
  to = iam_lakefs_policy_attachments_exclusive.etl
  id = "user/etl"
}

resource "iam_lakefs_policy_attachments_exclusive" "etl" {
  user_id    = "etl"
  policy_ids = []
}
