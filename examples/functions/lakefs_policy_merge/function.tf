data "iam_lakefs_policy" "read_all" {
  id = "FSReadAll"
}

# What lakeFS lets everybody read, but for one repository.
resource "iam_lakefs_policy" "read_most" {
  id = "ReadMost"
  document = provider::iam::lakefs_policy_merge([
    data.iam_lakefs_policy.read_all.document,
    [{ effect = "deny", action = ["fs:*"], resource = "arn:lakefs:fs:::repository/salaries*" }],
  ])
}
