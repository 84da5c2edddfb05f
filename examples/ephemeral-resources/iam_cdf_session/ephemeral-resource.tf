# A session that acts for the client that the provider logs in as.
ephemeral "iam_cdf_session" "transformation" {}

# The nonce goes to what hands it over to a service, here a program that gets it in
# its environment. It is neither in the plan nor in the state.
resource "terraform_data" "schedule" {
  triggers_replace = { schedule = "every hour" }

  provisioner "local-exec" {
    command = "test -n \"$CDF_SESSION_NONCE\"" # your program
    environment = {
      CDF_SESSION_ID    = ephemeral.iam_cdf_session.transformation.id
      CDF_SESSION_NONCE = ephemeral.iam_cdf_session.transformation.nonce
    }
  }
}
