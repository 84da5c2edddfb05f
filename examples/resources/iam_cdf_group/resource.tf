# Whoever is in a group of the identity provider.
resource "iam_cdf_group" "readers" {
  name      = "readers"
  source_id = "b7c9a5a4-99c2-4785-bed3-5e6ad9a78603"

  # All assets …
  capability {
    acl     = "assetsAcl"
    actions = ["READ"]
    scope {
      all = true
    }
  }

  # … the time series of two data sets …
  capability {
    acl     = "timeSeriesAcl"
    actions = ["READ"]
    scope {
      data_set_ids = [2735919466402, 8190482277501]
    }
  }

  # … and of RAW, two tables of one database, and all tables of another.
  capability {
    acl     = "rawAcl"
    actions = ["READ", "LIST"]
    scope {
      tables = {
        wells   = ["logs", "tops"]
        weather = []
      }
    }
  }

  metadata = {
    team = "wells"
  }
}

# Members by their ids: those of service accounts and users.
resource "iam_cdf_group" "operators" {
  name    = "operators"
  members = ["service-account-pipeline"]

  capability {
    acl     = "transformationsAcl"
    actions = ["READ", "WRITE"]
    scope {
      all = true
    }
  }
}

# A group of a project of the Cognite Toolkit. The function replaces the external ids
# of data sets by their ids.
locals {
  extractors = yamldecode(file("${path.module}/extractors.Group.yaml"))
}

resource "iam_cdf_group" "extractors" {
  name      = local.extractors.name
  source_id = local.extractors.sourceId
  metadata  = local.extractors.metadata

  capabilities_json = jsonencode(provider::iam::cdf_capabilities(local.extractors.capabilities, {
    data_sets = { ds_wells = 2735919466402 }
  }))
}

output "readers_permissions" {
  value = keys(iam_cdf_group.readers.permissions)
}

# A change of the group changes its id, too.
output "operators_id" {
  value = iam_cdf_group.operators.id
}
