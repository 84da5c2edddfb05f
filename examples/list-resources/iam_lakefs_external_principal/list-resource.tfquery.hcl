# Who may log in as the user "admin".
list "iam_lakefs_external_principal" "admin" {
  provider = iam

  config {
    user_id = "admin"
  }
}
