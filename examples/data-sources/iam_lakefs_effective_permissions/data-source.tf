# What the caller itself may do.
data "iam_lakefs_effective_permissions" "caller" {}

output "denied_to_the_caller" {
  value = [for permission, effect in data.iam_lakefs_effective_permissions.caller.permissions : permission if effect == "deny"]
}

# What another user may do. Who may manage policies is worth a warning.
data "iam_lakefs_effective_permissions" "admin" {
  user_id = data.iam_lakefs_effective_permissions.caller.user_id
}

check "only_administrators_manage_policies" {
  assert {
    condition = contains(data.iam_lakefs_effective_permissions.admin.groups[*].name, "Admins") || !anytrue([
      for permission in keys(data.iam_lakefs_effective_permissions.admin.permissions) : startswith(permission, "auth:UpdatePolicy on ")
    ])
    error_message = "${data.iam_lakefs_effective_permissions.admin.user_id} may change policies."
  }
}
