import {
  to = iam_lakefs_external_principal.etl
  id = "etl/arn:aws:sts::123456789012:assumed-role/etl/session"
}

resource "iam_lakefs_external_principal" "etl" {
  user_id      = "etl"
  principal_id = "arn:aws:sts::123456789012:assumed-role/etl/session"
}
