# A group that reads the repository "lake" …
resource "iam_lakefs_group" "analysts" {
  name        = "analysts"
  description = "Those who read the lake."
}

resource "iam_lakefs_policy" "read_lake" {
  id = "ReadLake"

  statement {
    effect    = "allow"
    actions   = ["fs:ReadRepository", "fs:ReadObject", "fs:List*"]
    resources = ["arn:lakefs:fs:::repository/lake", "arn:lakefs:fs:::repository/lake/*"]
  }
}

resource "iam_lakefs_policy_attachment" "analysts_read" {
  group_id  = iam_lakefs_group.analysts.id
  policy_id = iam_lakefs_policy.read_lake.id
}

# … a program that is in it, and the key that the program uses.
resource "iam_lakefs_user" "reports" {
  id = "reports"
}

resource "iam_lakefs_group_membership" "reports" {
  group_id = iam_lakefs_group.analysts.id
  user_id  = iam_lakefs_user.reports.id
}

resource "iam_lakefs_credentials" "reports" {
  user_id = iam_lakefs_user.reports.id
}

output "reports_access_key_id" {
  value = iam_lakefs_credentials.reports.access_key_id
}

output "reports_secret_access_key" {
  value     = iam_lakefs_credentials.reports.secret_access_key
  sensitive = true
}
