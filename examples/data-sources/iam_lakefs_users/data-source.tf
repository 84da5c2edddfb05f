# All users.
data "iam_lakefs_users" "all" {}

# Those whose id begins with "svc-".
data "iam_lakefs_users" "services" {
  prefix = "svc-"
}

output "people" {
  value = setsubtract(data.iam_lakefs_users.all.users[*].id, data.iam_lakefs_users.services.users[*].id)
}
