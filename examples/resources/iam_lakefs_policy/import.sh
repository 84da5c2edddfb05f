# The import id is the policy's id.
terraform import iam_lakefs_policy.own_credentials OwnCredentials
