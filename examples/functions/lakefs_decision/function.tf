resource "iam_lakefs_policy" "auditors" {
  id = "Auditors"

  statement {
    effect    = "allow"
    actions   = ["fs:Read*", "fs:List*"]
    resources = ["arn:lakefs:fs:::repository/*"]
  }

  statement {
    effect    = "deny"
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/main/object/salaries/*"]
  }
}

locals {
  policies = [{
    id = iam_lakefs_policy.auditors.id
    statement = [for s in iam_lakefs_policy.auditors.statement : {
      effect   = s.effect
      action   = tolist(s.actions)
      resource = jsonencode(tolist(s.resources))
    }]
  }]
}

# In a file of terraform test the condition of an assert block says the same.
check "auditors" {
  assert {
    condition = "deny" == provider::iam::lakefs_decision(local.policies, {
      user     = "ann"
      action   = "fs:ReadObject"
      resource = "arn:lakefs:fs:::repository/main/object/salaries/2026"
    })
    error_message = "Auditors can read salaries."
  }
}
