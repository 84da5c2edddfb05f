data "iam_lakefs_groups" "all" {}

# From name to id, which may differ.
output "group_ids" {
  value = { for group in data.iam_lakefs_groups.all.groups : group.name => group.id }
}
