locals {
  before = [{ effect = "allow", action = ["fs:*Object"], resource = "arn:lakefs:fs:::repository/main/object/*" }]
  after = [
    { effect = "allow", action = ["fs:*Object"], resource = "arn:lakefs:fs:::repository/main/object/*" },
    { effect = "deny", action = ["fs:DeleteObject"], resource = "arn:lakefs:fs:::repository/main/object/audit/*" },
  ]
}

# { granted = [], revoked = [{ action = "fs:DeleteObject", resource = "arn:lakefs:fs:::repository/main/object/audit/*", … }] }
output "diff" {
  value = provider::iam::lakefs_permission_diff(local.before, local.after, "")
}
