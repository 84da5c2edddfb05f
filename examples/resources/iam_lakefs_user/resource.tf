# A program. It may do nothing until a policy is attached to it or to its groups.
resource "iam_lakefs_user" "etl" {
  id = "etl"
}

# Several people at once.
resource "iam_lakefs_user" "analyst" {
  for_each = toset(["ada", "grace"])

  id = each.key

  # Access keys that an earlier user of the same id left behind would work again.
  revoke_leftover_credentials = true
}
