# Has lakeFS mail a token:
#
#   terraform apply -invoke action.iam_lakefs_forgot_password.ann
action "iam_lakefs_forgot_password" "ann" {
  config {
    email = "ann@example.com"
  }
}
