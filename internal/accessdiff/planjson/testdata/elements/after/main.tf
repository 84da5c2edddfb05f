terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

# A user whose id is known only after apply takes a place in an exclusive set; a user is replaced and its keys are
# kept; a policy in the form of a document changes its condition; a group is reached through for_each; and CDF has every kind of scope.

resource "terraform_data" "later" {
  input = "b"
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
      condition = { IpAddress = { SourceIp = ["10.0.0.0/8", "192.168.0.0/16"] } }
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

resource "iam_lakefs_user" "pending" {
  id = "pending-${terraform_data.later.output}"
}

resource "iam_lakefs_group_memberships_exclusive" "one" {
  group_id = iam_lakefs_group.one.id
  user_ids = [iam_lakefs_user.ann.id, iam_lakefs_user.pending.id]
}

resource "iam_lakefs_policy_attachments_exclusive" "kept" {
  user_id    = iam_lakefs_user.kept.id
  policy_ids = [iam_lakefs_policy.document.id, iam_lakefs_policy.block.id]
}

resource "iam_lakefs_group" "new" {
  name = "new"
}

resource "iam_lakefs_group_membership" "each" {
  for_each = { bob = iam_lakefs_group.new.id }

  group_id = each.value
  user_id  = each.key
}

resource "iam_lakefs_policy_attachment" "new" {
  policy_id = iam_lakefs_policy.block.id
  group_id  = iam_lakefs_group.new.id
}

resource "iam_cdf_group" "all" {
  name = "all"

  all_user_accounts = true

  capability {
    acl     = "groupsAcl"
    actions = ["LIST"]
    scope { all = true }
  }

  capability {
    acl     = "eventsAcl"
    actions = ["READ"]
    scope { data_set_ids = [3] }
  }
}

resource "iam_cdf_group" "members" {
  name    = "members"
  members = ["m1"]

  capability {
    acl     = "timeSeriesAcl"
    actions = ["READ"]
    scope { ids = [1] }
  }

  capability {
    acl     = "dataModelInstancesAcl"
    actions = ["WRITE"]
    scope { space_ids = ["wells"] }
  }

  capability {
    acl     = "rawAcl"
    actions = ["READ"]
    scope { tables = { db = ["t"], whole = [] } }
  }

  capability {
    acl     = "newAcl"
    actions = ["READ"]
    scope { json = jsonencode({ newScope = { ids = [1] } }) }
  }
}
