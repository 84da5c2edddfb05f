# What the token that the provider uses means, in all projects that it is valid for.
data "iam_cdf_token_inspection" "caller" {}

output "projects" {
  value = data.iam_cdf_token_inspection.caller.projects[*].project
}

# The same in one project only.
data "iam_cdf_project" "current" {}

data "iam_cdf_token_inspection" "here" {
  project = data.iam_cdf_project.current.url_name
}

output "may_create_groups" {
  value = contains(keys(one(data.iam_cdf_token_inspection.here.projects).permissions), "groupsAcl:CREATE in all")
}
