resource "iam_lakefs_policy" "read_lake" {
  id = "ReadLake"

  # An ARN ends in the id of the object. "*" stands for any text, "?" for one character.
  statement {
    effect    = "allow"
    actions   = ["fs:ReadRepository", "fs:ReadBranch", "fs:List*"]
    resources = ["arn:lakefs:fs:::repository/lake", "arn:lakefs:fs:::repository/lake/branch/*"]
  }

  # Only from the company's network. Without the condition this would hold everywhere.
  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/lake/object/*"]
    condition = {
      IpAddress = {
        SourceIp = ["10.0.0.0/8", "192.168.7.1"]
      }
    }
  }

  # A deny wins over every allow, in whichever policy that stands.
  statement {
    effect    = "deny"
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/lake/object/salaries/*"]
  }
}

# lakeFS puts the caller's id in the place of ${user}. Terraform reads ${ as the start
# of a template, so it is written $${ here.
resource "iam_lakefs_policy" "own_credentials" {
  id = "OwnCredentials"

  statement {
    effect    = "allow"
    actions   = ["auth:ListCredentials", "auth:CreateCredentials", "auth:DeleteCredentials"]
    resources = ["arn:lakefs:auth:::user/$${user}"]
  }
}

# The same as JSON, from a file as lakeFS's documentation and user interface show it …
resource "iam_lakefs_policy" "write_staging" {
  id       = "WriteStaging"
  document = file("${path.module}/policy.json")
}

# … or from values of the configuration.
resource "iam_lakefs_policy" "protect_tags" {
  id = "ProtectTags"
  document = jsonencode({
    statement = [{
      effect   = "deny"
      action   = ["fs:DeleteTag"]
      resource = "arn:lakefs:fs:::repository/lake/tag/release-*"
    }]
  })
}
