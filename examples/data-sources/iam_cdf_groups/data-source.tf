# All groups of the project.
data "iam_cdf_groups" "all" {}

# The groups that the caller belongs to.
data "iam_cdf_groups" "own" {
  all = false
}

# The groups of one name: there may be several.
data "iam_cdf_groups" "administrators" {
  name = "administrators"
}

output "who_may_delete_groups" {
  value = [
    for group in data.iam_cdf_groups.all.groups : group.name
    if contains(keys(group.permissions), "groupsAcl:DELETE in all")
  ]
}

output "administrators_source_ids" {
  value = data.iam_cdf_groups.administrators.groups[*].source_id
}

output "own_groups" {
  value = { for group in data.iam_cdf_groups.own.groups : group.name => group.id }
}
