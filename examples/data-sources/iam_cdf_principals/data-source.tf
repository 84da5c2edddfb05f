# The service accounts of the organization that the project belongs to.
data "iam_cdf_principals" "service_accounts" {
  types = ["SERVICE_ACCOUNT"]
}

# One service account, by the external id that it was given.
data "iam_cdf_principals" "pipeline" {
  external_ids = ["pipeline"]
}

# Its id makes it a member of a group.
resource "iam_cdf_group" "pipeline" {
  name    = "pipeline"
  members = data.iam_cdf_principals.pipeline.principals[*].id
  capability {
    acl     = "timeSeriesAcl"
    actions = ["READ", "WRITE"]
    scope {
      all = true
    }
  }
}

output "service_accounts" {
  value = { for principal in data.iam_cdf_principals.service_accounts.principals : principal.id => principal.name }
}
