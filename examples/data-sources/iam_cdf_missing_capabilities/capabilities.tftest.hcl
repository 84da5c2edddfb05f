# terraform test runs this with the credentials of the environment.
run "nothing_is_missing" {
  command = plan

  assert {
    condition     = data.iam_cdf_missing_capabilities.terraform.satisfied
    error_message = "Missing: ${data.iam_cdf_missing_capabilities.terraform.missing_json}"
  }
}

# Too little is noticed before there is a group.
run "loaders_must_write_every_table" {
  command = plan

  variables {
    loader_capabilities = [
      { rawAcl = { actions = ["WRITE"], scope = { tableScope = { dbsToTables = { wells = ["logs"] } } } } },
    ]
  }

  expect_failures = [data.iam_cdf_missing_capabilities.loader]
}
