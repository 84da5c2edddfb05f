# The policies whose id begins with "FS".
data "iam_lakefs_policies" "fs" {
  prefix = "FS"
}

# Those of them that allow something on every resource.
output "wide_policies" {
  value = [
    for policy in data.iam_lakefs_policies.fs.policies : policy.id
    if anytrue([for s in policy.statement : s.effect == "allow" && contains(s.resources, "*")])
  ]
}
