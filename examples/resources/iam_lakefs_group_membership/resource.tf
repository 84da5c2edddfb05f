resource "iam_lakefs_user" "etl" {
  id = "etl"
}

resource "iam_lakefs_group" "analysts" {
  name = "analysts"
}

resource "iam_lakefs_group_membership" "etl_in_analysts" {
  group_id = iam_lakefs_group.analysts.id
  user_id  = iam_lakefs_user.etl.id
}
