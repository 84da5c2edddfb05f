# The access keys of a user.
list "iam_lakefs_credentials" "admin" {
  provider = iam

  config {
    user_id = "admin"
  }
}

# The access keys of all users.
list "iam_lakefs_credentials" "all" {
  provider         = iam
  include_resource = true
  limit            = 1000
}
