# All groups whose id begins with "team-".
list "iam_lakefs_group" "teams" {
  provider = iam

  config {
    prefix = "team-"
  }
}
