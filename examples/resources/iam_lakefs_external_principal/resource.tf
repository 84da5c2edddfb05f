# Experimental: for a lakeFS whose auth server has external principals.
resource "iam_lakefs_user" "etl" {
  id = "etl"
}

resource "iam_lakefs_external_principal" "etl" {
  user_id      = iam_lakefs_user.etl.id
  principal_id = "arn:aws:sts::123456789012:assumed-role/etl/session"
}
