# Who belongs to this group of the identity provider …
variable "analysts" {
  description = "The object id of the group in Microsoft Entra ID, or what your identity provider calls a group."
  type        = string
  default     = "b7c9a5a4-99c2-4785-bed3-5e6ad9a78603"
}

# … may read assets, and the time series of one data set.
resource "iam_cdf_group" "analysts" {
  name      = "analysts"
  source_id = var.analysts

  capability {
    acl     = "assetsAcl"
    actions = ["READ"]
    scope {
      all = true
    }
  }

  capability {
    acl     = "timeSeriesAcl"
    actions = ["READ"]
    scope {
      data_set_ids = [2735919466402]
    }
  }
}

output "analysts_may" {
  value = keys(iam_cdf_group.analysts.permissions)
}
