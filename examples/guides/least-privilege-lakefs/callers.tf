# The user that applies, in the pipeline of the main branch, and the one that plans, in
# that of pull requests.
resource "iam_lakefs_user" "terraform" {
  for_each = local.policies

  id = "terraform-${each.key}"
}

resource "iam_lakefs_policy_attachment" "terraform" {
  for_each = local.policies

  user_id   = iam_lakefs_user.terraform[each.key].id
  policy_id = each.value
}

resource "iam_lakefs_credentials" "terraform" {
  for_each = local.policies

  user_id = iam_lakefs_user.terraform[each.key].id
}

locals {
  policies = {
    apply = iam_lakefs_policy.terraform_apply.id
    plan  = iam_lakefs_policy.terraform_plan.id
  }
}

# For the secrets of the pipelines: `terraform output -json keys`.
output "keys" {
  value     = { for name, key in iam_lakefs_credentials.terraform : name => { id = key.access_key_id, secret = key.secret_access_key } }
  sensitive = true
}
