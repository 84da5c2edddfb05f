import {
  to = iam_lakefs_policy.own_credentials
  id = "OwnCredentials"
}

resource "iam_lakefs_policy" "own_credentials" {
  id = "OwnCredentials"

  statement {
    effect    = "allow"
    actions   = ["auth:ListCredentials", "auth:CreateCredentials", "auth:DeleteCredentials"]
    resources = ["arn:lakefs:auth:::user/$${user}"]
  }
}
