# Ephemeral variables are in no plan file. Set them by TF_VAR_token and TF_VAR_new_password:
# what stands on the command line is in the history of the shell.
variable "token" {
  description = "The token from the mail."
  type        = string
  ephemeral   = true
}

variable "new_password" {
  type      = string
  ephemeral = true
}

# Sets the new password:
#
#   terraform apply -invoke action.iam_lakefs_update_password.ann
action "iam_lakefs_update_password" "ann" {
  config {
    token        = var.token
    new_password = var.new_password
    email        = "ann@example.com"
  }
}
