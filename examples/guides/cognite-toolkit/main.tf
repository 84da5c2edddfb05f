locals {
  # Every file of the Toolkit's modules that holds a group, by its name.
  groups = {
    for file in fileset(path.module, "groups/*.Group.yaml") :
    yamldecode(file("${path.module}/${file}")).name => yamldecode(file("${path.module}/${file}"))
  }

  # The ids of what the files call by external ids.
  data_sets = { ds_wells = 2735919466402 }
}

resource "iam_cdf_group" "toolkit" {
  for_each = local.groups

  name      = each.key
  source_id = try(each.value.sourceId, null)
  members   = try(each.value.sourceId, null) == null ? try(each.value.members, null) : null
  metadata  = try(each.value.metadata, null)

  capabilities_json = jsonencode(provider::iam::cdf_capabilities(each.value.capabilities, {
    data_sets = local.data_sets
  }))
}

# The groups that the Toolkit has made are taken over, found by their names.
import {
  for_each = local.groups

  to = iam_cdf_group.toolkit[each.key]
  id = each.key
}
