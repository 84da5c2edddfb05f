resource "iam_lakefs_user" "etl" {
  id = "etl"
}

resource "iam_lakefs_group" "analysts" {
  name = "analysts"
}

resource "iam_lakefs_policy" "read_lake" {
  id = "ReadLake"

  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/lake/object/*"]
  }
}

# The group has these policies and no other. What somebody attaches beside them is detached by
# the next apply. FSReadAll is one of the policies that the setup of lakeFS makes.
resource "iam_lakefs_policy_attachments_exclusive" "analysts" {
  group_id   = iam_lakefs_group.analysts.id
  policy_ids = [iam_lakefs_policy.read_lake.id, "FSReadAll"]
}

# The user has the policies of its groups only.
resource "iam_lakefs_policy_attachments_exclusive" "etl" {
  user_id    = iam_lakefs_user.etl.id
  policy_ids = []
}
