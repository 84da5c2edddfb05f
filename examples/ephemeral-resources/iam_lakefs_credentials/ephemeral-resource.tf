resource "iam_lakefs_user" "etl" {
  id = "etl"
}

# The date of a user that is yet to be made is known only after apply, and so is this
# user_id: the plan that makes the user makes no key for it.
ephemeral "iam_lakefs_credentials" "etl" {
  user_id = iam_lakefs_user.etl.creation_date != "" ? iam_lakefs_user.etl.id : null
}

# A program gets the key in its environment and has it while it runs. It is neither in
# the plan nor in the state, and revoked at the end.
resource "terraform_data" "check" {
  triggers_replace = { version = 1 }

  provisioner "local-exec" {
    command = "test -n \"$LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY\"" # your program
    environment = {
      LAKECTL_CREDENTIALS_ACCESS_KEY_ID     = ephemeral.iam_lakefs_credentials.etl.access_key_id
      LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY = ephemeral.iam_lakefs_credentials.etl.secret_access_key
    }
  }
}
