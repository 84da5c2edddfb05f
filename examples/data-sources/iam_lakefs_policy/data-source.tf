# FSReadAll is one of the policies that the setup of lakeFS makes.
data "iam_lakefs_policy" "read_all" {
  id = "FSReadAll"
}

# A policy that says the same and one thing more.
resource "iam_lakefs_policy" "read_almost_all" {
  id = "FSReadAlmostAll"
  document = jsonencode({
    statement = concat(jsondecode(data.iam_lakefs_policy.read_all.document).statement, [{
      effect   = "deny"
      action   = ["fs:ReadObject"]
      resource = "arn:lakefs:fs:::repository/lake/object/salaries/*"
    }])
  })
}
