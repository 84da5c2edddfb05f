resource "iam_cdf_security_category" "confidential" {
  name = "confidential"

  # A category that is renamed is replaced: this keeps the old one until the new one is
  # there and the groups refer to it.
  lifecycle {
    create_before_destroy = true
  }
}

resource "iam_cdf_security_category" "personal_data" {
  name = "personal data"
}

# Who belongs to this group sees the time series and files that carry the first of
# them, as far as another capability lets it read them.
resource "iam_cdf_group" "trusted" {
  name      = "trusted"
  source_id = "b7c9a5a4-99c2-4785-bed3-5e6ad9a78603"

  capability {
    acl     = "securityCategoriesAcl"
    actions = ["MEMBEROF"]
    scope {
      ids = [iam_cdf_security_category.confidential.id]
    }
  }
}

output "personal_data_id" {
  value = iam_cdf_security_category.personal_data.id
}
