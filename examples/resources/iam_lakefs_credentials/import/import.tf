import {
  to = iam_lakefs_credentials.etl
  id = "etl/AKIAJEXAMPLEEXAMPLEQ"
}

# The server shows a secret only once, so secret_access_key of an imported key is null.
# Adding rotate_triggers later replaces the key.
resource "iam_lakefs_credentials" "etl" {
  user_id = "etl"
}
