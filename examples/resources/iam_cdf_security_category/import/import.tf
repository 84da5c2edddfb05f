import {
  to = iam_cdf_security_category.confidential
  id = "confidential"
}

resource "iam_cdf_security_category" "confidential" {
  name = "confidential"
}

# By its id.
import {
  to = iam_cdf_security_category.personal_data
  id = "3910284756123"
}

resource "iam_cdf_security_category" "personal_data" {
  name = "personal data"
}
