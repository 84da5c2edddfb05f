import {
  to = iam_lakefs_credentials.etl
  id = "etl/AKIAJEXAMPLEEXAMPLEQ"
}

# The server shows a secret only once, so secret_access_key of an imported key is null.
# The first rotate_triggers it is given start the rotation and leave the key alone.
resource "iam_lakefs_credentials" "etl" {
  user_id = "etl"
}
