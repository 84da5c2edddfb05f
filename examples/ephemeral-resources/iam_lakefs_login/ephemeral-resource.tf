# A token of the user whose access key the provider has.
ephemeral "iam_lakefs_login" "caller" {}

# A program gets the token in its environment. It is neither in the plan nor in the state.
resource "terraform_data" "check" {
  triggers_replace = { version = 1 }

  provisioner "local-exec" {
    command = "test -n \"$LAKEFS_TOKEN\"" # your program
    environment = {
      LAKEFS_TOKEN = ephemeral.iam_lakefs_login.caller.token
    }
  }
}
