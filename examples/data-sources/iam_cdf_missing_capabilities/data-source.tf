# An assertion about the provider's own token: where it lacks any of this, the plan
# stops, lists what is missing, and shows what to add to a group.
data "iam_cdf_missing_capabilities" "terraform" {
  fail_on_missing = true

  capability {
    acl     = "groupsAcl"
    actions = ["LIST", "CREATE", "DELETE"]
    scope {
      all = true
    }
  }
  capability {
    acl     = "projectsAcl"
    actions = ["LIST"]
    scope {
      all = true
    }
  }
}

# A check only warns.
data "iam_cdf_missing_capabilities" "sessions" {
  capability {
    acl     = "sessionsAcl"
    actions = ["CREATE"]
    scope {
      all = true
    }
  }
}

check "sessions_can_be_made" {
  assert {
    condition     = data.iam_cdf_missing_capabilities.sessions.satisfied
    error_message = "Missing for sessions: ${data.iam_cdf_missing_capabilities.sessions.missing_json}"
  }
}

# What a group is about to grant, compared with what a program needs. A postcondition
# stops whatever depends on it, here the group.
variable "loader_capabilities" {
  description = "The capabilities of the group loaders, in the shape of the API."
  type        = any
  default = [
    { rawAcl = { actions = ["READ", "WRITE"], scope = { tableScope = { dbsToTables = { wells = [] } } } } },
    { timeSeriesAcl = { actions = ["READ", "WRITE"], scope = { datasetScope = { ids = [2735919466402] } } } },
  ]
}

data "iam_cdf_missing_capabilities" "loader" {
  existing_json = jsonencode(var.loader_capabilities)

  capability {
    acl     = "rawAcl"
    actions = ["WRITE"]
    scope {
      tables = { wells = ["logs", "tops"] }
    }
  }

  lifecycle {
    postcondition {
      condition     = self.satisfied
      error_message = "The group loaders would lack ${self.missing_json}."
    }
  }
}

resource "iam_cdf_group" "loaders" {
  name              = "loaders"
  members           = ["service-account-pipeline"]
  capabilities_json = data.iam_cdf_missing_capabilities.loader.existing_json
}
