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

# To a group: all of its members get the policy.
resource "iam_lakefs_policy_attachment" "analysts_read_lake" {
  group_id  = iam_lakefs_group.analysts.id
  policy_id = iam_lakefs_policy.read_lake.id
}

# To one user. FSReadAll is one of the policies that the setup of lakeFS makes.
resource "iam_lakefs_policy_attachment" "etl_read_all" {
  user_id   = iam_lakefs_user.etl.id
  policy_id = "FSReadAll"
}
