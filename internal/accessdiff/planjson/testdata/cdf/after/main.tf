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
    scope { all = true }
  }

  capability {
    acl     = "rawAcl"
    actions = ["READ"]
    scope { tables = { db = [] } }
  }
}

resource "iam_cdf_group" "moved" {
  name      = "renamed"
  source_id = "src-new"

  capability {
    acl     = "timeSeriesAcl"
    actions = ["READ"]
    scope { all = true }
  }
}

resource "iam_cdf_group" "team" {
  name    = "team"
  members = ["m2", "m3"]

  capability {
    acl     = "eventsAcl"
    actions = ["READ"]
    scope { all = true }
  }
}

resource "iam_cdf_group" "rulers" {
  name      = "rulers"
  source_id = "src-readers"

  capability {
    acl     = "groupsAcl"
    actions = ["CREATE"]
    scope { all = true }
  }
}

resource "iam_cdf_group" "empty" {
  name     = "empty"
  metadata = {}

  capability {
    acl     = "eventsAcl"
    actions = ["WRITE"]
    scope { all = true }
  }
}

