# The import id is the security category's id or its name.
terraform import iam_cdf_security_category.confidential confidential
terraform import iam_cdf_security_category.personal_data 3910284756123
