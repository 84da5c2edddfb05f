terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

resource "iam_cdf_group" "readers" {
  name      = "readers"
  source_id = "src-readers"

  capability {
    acl     = "assetsAcl"
    actions = ["READ"]
    scope { data_set_ids = [1, 9007199254740993] }
  }

  capability {
    acl     = "rawAcl"
    actions = ["READ"]
    scope { tables = { db = ["t1"] } }
  }
}

resource "iam_cdf_group" "moved" {
  name      = "moved"
  source_id = "src-old"

  capability {
    acl     = "timeSeriesAcl"
    actions = ["READ"]
    scope { all = true }
  }
}

resource "iam_cdf_group" "admins" {
  name      = "admins"
  source_id = "src-admins"

  capability {
    acl     = "groupsAcl"
    actions = ["LIST", "CREATE"]
    scope { all = true }
  }
}

resource "iam_cdf_group" "team" {
  name    = "team"
  members = ["m1", "m2"]

  capability {
    acl     = "eventsAcl"
    actions = ["READ"]
    scope { all = true }
  }
}

