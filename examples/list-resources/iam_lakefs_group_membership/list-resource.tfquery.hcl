# Who is an administrator.
list "iam_lakefs_group_membership" "administrators" {
  provider = iam

  config {
    group_id = "Admins"
  }
}

# Every membership there is.
list "iam_lakefs_group_membership" "all" {
  provider = iam
  limit    = 10000
}
