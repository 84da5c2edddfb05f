# Who may do what in a project of Cognite Data Fusion.

variable "readers_read_logs" {
  description = "Whether readers read the RAW table logs, too. run.sh sets it to show the plan of that."
  type        = bool
  default     = false
}

variable "caller_reads_assets" {
  description = "Whether the caller needs to read assets, which it may not. run.sh sets it to show the assertion fail."
  type        = bool
  default     = false
}

resource "iam_cdf_security_category" "confidential" {
  name = "confidential"
}

# A group whose capabilities are written here. The plan of it lists each permission.
resource "iam_cdf_group" "readers" {
  name      = "readers"
  source_id = "8f2b1c0e-6a51-4c0d-9d0e-2f4a7f1f5b11" # the group's id in the identity provider

  capability {
    acl     = "timeSeriesAcl"
    actions = ["READ"]
    scope { data_set_ids = [4711, 4712] }
  }

  capability {
    acl     = "rawAcl"
    actions = ["READ", "LIST"]
    scope {
      tables = {
        wells   = concat(["production", "tests"], var.readers_read_logs ? ["logs"] : [])
        weather = [] # the whole database
      }
    }
  }
}

# A group as a project of the Cognite Toolkit has it: a file that names things by their
# external ids, where the API wants numbers.
locals {
  toolkit_group = yamldecode(file("${path.module}/group.yaml"))
}

resource "iam_cdf_group" "toolkit" {
  name      = local.toolkit_group.name
  source_id = local.toolkit_group.sourceId

  capabilities_json = jsonencode(provider::iam::cdf_capabilities(local.toolkit_group.capabilities, {
    data_sets           = { ds_wells = 4711 }
    security_categories = { confidential = iam_cdf_security_category.confidential.id }
  }))
}

# The plan fails, and says what to add, unless the caller holds all of this.
data "iam_cdf_missing_capabilities" "caller" {
  fail_on_missing = true

  capability {
    acl     = "groupsAcl"
    actions = ["LIST", "CREATE", "DELETE"]
    scope { all = true }
  }

  capability {
    acl     = "securityCategoriesAcl"
    actions = ["LIST", "CREATE", "DELETE"]
    scope { all = true }
  }

  dynamic "capability" {
    for_each = var.caller_reads_assets ? ["assetsAcl"] : []
    content {
      acl     = capability.value
      actions = ["READ"]
      scope { all = true }
    }
  }
}

output "caller_lacks_nothing" {
  description = "Whether the caller holds every capability that this needs."
  value       = data.iam_cdf_missing_capabilities.caller.satisfied
}

output "readers_permissions" {
  description = "What the group of readers grants."
  value       = keys(iam_cdf_group.readers.permissions)
}
