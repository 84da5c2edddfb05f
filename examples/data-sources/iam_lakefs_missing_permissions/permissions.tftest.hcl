# terraform test runs this with the credentials of the environment.
run "nothing_is_missing" {
  command = plan

  assert {
    condition     = data.iam_lakefs_missing_permissions.terraform.satisfied
    error_message = "Missing: ${data.iam_lakefs_missing_permissions.terraform.missing_json}"
  }
}

# Too little is noticed before there is a policy.
run "the_loader_must_write" {
  command = plan

  variables {
    loader_statements = [{ effect = "allow", action = ["fs:Read*"], resource = "arn:lakefs:fs:::repository/staging/*" }]
  }

  expect_failures = [data.iam_lakefs_missing_permissions.loader]
}
