# What a caller needs to apply and destroy every resource of CDF, and make sessions.
# Written by `make generate` from the operations that the provider makes.
resource "iam_cdf_group" "terraform_apply" {
  name      = "terraform-apply"
  source_id = "b7c9a5a4-99c2-4785-bed3-5e6ad9a78603"

  capability {
    acl     = "groupsAcl"
    actions = ["CREATE", "DELETE", "LIST"]
    scope { all = true }
  }

  capability {
    acl     = "projectsAcl"
    actions = ["LIST", "READ", "UPDATE"]
    scope { all = true }
  }

  capability {
    acl     = "securityCategoriesAcl"
    actions = ["CREATE", "DELETE", "LIST"]
    scope { all = true }
  }

  capability {
    acl     = "sessionsAcl"
    actions = ["CREATE", "DELETE", "LIST"]
    scope { all = true }
  }

  capability {
    acl     = "userProfilesAcl"
    actions = ["READ"]
    scope { all = true }
  }
}
