# Who reads and who loads the data of the wells in a project of Cognite Data Fusion.

variable "readers_may_read_tops" {
  description = "Whether readers may read the RAW table tops, too. run.sh sets it to show the plan of that."
  type        = bool
  default     = false
}

variable "terraform_loads_data" {
  description = "Whether whoever runs Terraform must be able to load data, too. It is not: run.sh sets it to show the message."
  type        = bool
  default     = false
}

locals {
  data_sets = { ds_wells = 2735919466402 }

  # A group of a project of the Cognite Toolkit.
  loaders = yamldecode(file("${path.module}/loaders.Group.yaml"))
}

resource "iam_cdf_security_category" "confidential" {
  name = "confidential"
}

resource "iam_cdf_group" "readers" {
  name      = "readers"
  source_id = "b7c9a5a4-99c2-4785-bed3-5e6ad9a78603" # a group of the identity provider

  capability {
    acl     = "timeSeriesAcl"
    actions = ["READ"]
    scope {
      data_set_ids = [local.data_sets.ds_wells]
    }
  }
  capability {
    acl     = "rawAcl"
    actions = ["READ"]
    scope {
      tables = { wells = concat(["logs"], var.readers_may_read_tops ? ["tops"] : []) }
    }
  }
  capability {
    acl     = "securityCategoriesAcl"
    actions = ["MEMBEROF"]
    scope {
      ids = [iam_cdf_security_category.confidential.id]
    }
  }
}

# The function puts ids in the place of the names in the file, and checks every word.
resource "iam_cdf_group" "loaders" {
  name              = local.loaders.name
  source_id         = local.loaders.sourceId
  capabilities_json = jsonencode(provider::iam::cdf_capabilities(local.loaders.capabilities, { data_sets = local.data_sets }))
}

# An assertion: the plan stops where the caller's token lacks any of this.
data "iam_cdf_missing_capabilities" "caller" {
  fail_on_missing = true

  capability {
    acl     = "groupsAcl"
    actions = ["LIST", "CREATE", "DELETE"]
    scope {
      all = true
    }
  }
  capability {
    acl     = "securityCategoriesAcl"
    actions = ["LIST", "CREATE", "DELETE"]
    scope {
      all = true
    }
  }
  dynamic "capability" {
    for_each = var.terraform_loads_data ? ["timeSeriesAcl", "filesAcl"] : []
    content {
      acl     = capability.value
      actions = ["READ", "WRITE"]
      scope {
        data_set_ids = [local.data_sets.ds_wells]
      }
    }
  }
}

output "caller_lacks_nothing" {
  description = "Whether the caller may do what this configuration needs."
  value       = data.iam_cdf_missing_capabilities.caller.satisfied
}

output "loaders_permissions" {
  description = "What the group of the Toolkit grants."
  value       = keys(iam_cdf_group.loaders.permissions)
}
