locals {
  repositories = ["main", "staging"]
}

# One document for each repository, checked at plan.
resource "iam_lakefs_policy" "read" {
  for_each = toset(local.repositories)

  id = "Read-${each.key}"
  document = provider::iam::lakefs_policy_document([
    {
      effect   = "allow"
      action   = ["fs:ReadObject", "fs:ListObjects"]
      resource = "arn:lakefs:fs:::repository/${each.key}/object/*"
    },
    {
      effect   = "allow"
      action   = ["fs:ReadRepository", "fs:ReadBranch", "fs:ListBranches"]
      resource = "arn:lakefs:fs:::repository/${each.key}"
    },
  ])
}
