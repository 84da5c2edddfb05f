data "iam_lakefs_policy" "read_all" {
  id = "FSReadAll"
}

# What the policy lacks of what a job needs, with a request that would be refused:
# [{ action = "fs:WriteObject", resource = "…", witness = { action = "fs:WriteObject", resource = "…" } }]
output "missing" {
  value = provider::iam::lakefs_missing_permissions(
    jsondecode(data.iam_lakefs_policy.read_all.document).statement,
    [
      { action = "fs:ReadObject", resource = "arn:lakefs:fs:::repository/main/object/*" },
      { action = "fs:WriteObject", resource = "arn:lakefs:fs:::repository/main/object/reports/*" },
    ],
    "etl",
  )
}
