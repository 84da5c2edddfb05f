resource "iam_cdf_security_category" "confidential" {
  name = "confidential"
}

data "iam_cdf_security_categories" "all" {
  depends_on = [iam_cdf_security_category.confidential]
}

# Groups refer to security categories by their ids.
output "ids" {
  value = { for category in data.iam_cdf_security_categories.all.security_categories : category.name => category.id }
}
