terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

resource "terraform_data" "later" {
  input = "a"
}

resource "iam_lakefs_user" "ann" {
  id = "ann"
}

resource "iam_lakefs_user" "bob" {
  id = "bob"
}

resource "iam_lakefs_user" "kept" {
  id                            = "kept"
  revoke_credentials_on_destroy = false
}

resource "iam_lakefs_credentials" "kept" {
  user_id = iam_lakefs_user.kept.id
}

resource "iam_lakefs_group" "one" {
  name = "one"
}

resource "iam_lakefs_policy" "document" {
  id = "document"

  document = jsonencode({
    statement = [{
      effect    = "allow"
      action    = ["fs:ReadObject"]
      resource  = "arn:lakefs:fs:::repository/lake/*"
      condition = { IpAddress = { SourceIp = ["10.0.0.0/8"] } }
    }]
  })
}

resource "iam_lakefs_policy" "block" {
  id = "block"

  statement {
    effect    = "allow"
    actions   = ["fs:WriteObject"]
    resources = ["arn:lakefs:fs:::repository/lake/*"]
    condition = { IpAddress = { SourceIp = ["10.0.0.0/8"] } }
  }
}

resource "iam_lakefs_policy_attachment" "one" {
  policy_id = iam_lakefs_policy.document.id
  group_id  = iam_lakefs_group.one.id
}

resource "iam_lakefs_group_memberships_exclusive" "one" {
  group_id = iam_lakefs_group.one.id
  user_ids = [iam_lakefs_user.ann.id, iam_lakefs_user.bob.id]
}

resource "iam_lakefs_policy_attachments_exclusive" "kept" {
  user_id    = iam_lakefs_user.kept.id
  policy_ids = [iam_lakefs_policy.document.id]
}

resource "iam_cdf_group" "all" {
  name = "all"

  all_user_accounts = true

  capability {
    acl     = "groupsAcl"
    actions = ["LIST"]
    scope { current_user = true }
  }
}
