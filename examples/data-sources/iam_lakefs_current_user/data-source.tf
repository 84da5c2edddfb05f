data "iam_lakefs_current_user" "caller" {}

output "caller" {
  value = data.iam_lakefs_current_user.caller.id
}
