# What is attached to the administrators.
list "iam_lakefs_policy_attachment" "administrators" {
  provider = iam

  config {
    group_id = "Admins"
  }
}

# Every attachment there is, to users and to groups.
list "iam_lakefs_policy_attachment" "all" {
  provider = iam
  limit    = 10000
}
