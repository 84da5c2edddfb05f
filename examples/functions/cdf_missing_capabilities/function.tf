locals {
  existing = [
    { assetsAcl = { actions = ["READ"], scope = { all = {} } } },
    { rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = { wells = ["logs"] } } } } },
  ]
  desired = [
    { assetsAcl = { actions = ["READ"], scope = { datasetScope = { ids = [2735919466402] } } } },
    { rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = { wells = ["logs", "tops"] } } } } },
  ]
}

# The scope all covers the data set; of the tables one is missing:
# [{ rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = { wells = { tables = ["tops"] } } } } } }]
output "missing" {
  value = provider::iam::cdf_missing_capabilities(local.existing, local.desired, {})
}

# What the caller's token lacks in one project. Its capabilities say where they hold.
data "iam_cdf_token_inspection" "caller" {}

output "missing_of_the_caller" {
  value = provider::iam::cdf_missing_capabilities(
    jsondecode(data.iam_cdf_token_inspection.caller.capabilities_json),
    local.desired,
    { project = "acme" },
  )
}
