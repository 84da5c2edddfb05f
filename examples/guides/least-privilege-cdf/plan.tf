# What a caller needs to refresh and plan every resource of CDF, and read every data source.
# Written by `make generate` from the operations that the provider makes.
resource "iam_cdf_group" "terraform_plan" {
  name      = "terraform-plan"
  source_id = "5d1b0c52-5f6e-4f43-9a0a-5cf5ce1d0f52"

  capability {
    acl     = "groupsAcl"
    actions = ["LIST"]
    scope { all = true }
  }

  capability {
    acl     = "projectsAcl"
    actions = ["LIST", "READ"]
    scope { all = true }
  }

  capability {
    acl     = "securityCategoriesAcl"
    actions = ["LIST"]
    scope { all = true }
  }

  capability {
    acl     = "sessionsAcl"
    actions = ["LIST"]
    scope { all = true }
  }

  capability {
    acl     = "userProfilesAcl"
    actions = ["READ"]
    scope { all = true }
  }
}
