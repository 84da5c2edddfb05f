import {
  to = iam_cdf_group.readers
  id = "readers"
}

resource "iam_cdf_group" "readers" {
  name      = "readers"
  source_id = "b7c9a5a4-99c2-4785-bed3-5e6ad9a78603"

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
      data_set_ids = [2735919466402, 8190482277501]
    }
  }

  capability {
    acl     = "rawAcl"
    actions = ["READ", "LIST"]
    scope {
      tables = {
        wells   = ["logs", "tops"]
        weather = []
      }
    }
  }

  metadata = {
    team = "wells"
  }
}

# By its id, for example because other groups have the same name.
import {
  to = iam_cdf_group.operators
  id = "4715822362013"
}

resource "iam_cdf_group" "operators" {
  name    = "operators"
  members = ["service-account-pipeline"]

  capability {
    acl     = "transformationsAcl"
    actions = ["READ", "WRITE"]
    scope {
      all = true
    }
  }
}
