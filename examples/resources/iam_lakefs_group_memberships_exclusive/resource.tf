resource "iam_lakefs_user" "admins" {
  for_each = toset(["ann", "ben"])
  id       = each.key
}

resource "iam_lakefs_group" "admins" {
  name = "lake-admins"
}

# The group has these members and no other. Who is added elsewhere is removed by the next apply,
# and the plan says so.
resource "iam_lakefs_group_memberships_exclusive" "admins" {
  group_id = iam_lakefs_group.admins.id
  user_ids = [for user in iam_lakefs_user.admins : user.id]
}
