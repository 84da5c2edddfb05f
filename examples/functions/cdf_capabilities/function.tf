# A group as the Cognite Toolkit has it. In scopes it names data sets by external ids.
locals {
  group = yamldecode(<<-YAML
    name: pipeline
    sourceId: 3f8a1f0e-2c57-4b0d-9a53-0a6f6a4be0c1
    capabilities:
      - timeSeriesAcl:
          actions: [READ, WRITE]
          scope: { datasetScope: { ids: [ds_wells] } }
      - rawAcl:
          actions: [READ]
          scope: { tableScope: { dbsToTables: { wells: [logs] } } }
  YAML
  )
}

# The group of the API: names have become ids, and RAW tables have their newer form.
resource "iam_cdf_group" "pipeline" {
  name      = local.group.name
  source_id = local.group.sourceId

  capabilities_json = jsonencode(provider::iam::cdf_capabilities(local.group.capabilities, {
    data_sets = { ds_wells = 2735919466402 }
  }))
}

# Nothing is named here, so there is nothing to resolve.
output "administrator" {
  value = provider::iam::cdf_capabilities([
    { groupsAcl = { actions = ["LIST", "CREATE", "DELETE"], scope = { all = {} } } },
  ], {})
}
