data "iam_lakefs_auth_capabilities" "server" {}

# Invite people by mail where the server can, else create them without.
output "can_invite" {
  value = data.iam_lakefs_auth_capabilities.server.invite_user
}
