# All users, with all that is known of each.
list "iam_lakefs_user" "all" {
  provider         = iam
  include_resource = true
}

# The first 20 whose id begins with "svc-".
list "iam_lakefs_user" "services" {
  provider = iam
  limit    = 20

  config {
    prefix = "svc-"
  }
}
