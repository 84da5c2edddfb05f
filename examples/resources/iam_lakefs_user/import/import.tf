import {
  to = iam_lakefs_user.etl
  id = "etl"
}

resource "iam_lakefs_user" "etl" {
  id = "etl"
}
