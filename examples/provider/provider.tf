terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

# Every value may be left out: the environment provides it. Without this block the
# environment alone decides.
provider "iam" {
  lakefs {
    # endpoint          = "https://lakefs.example.com"   # LAKECTL_SERVER_ENDPOINT_URL
    # access_key_id     = var.lakefs_access_key_id       # LAKECTL_CREDENTIALS_ACCESS_KEY_ID
    # secret_access_key = var.lakefs_secret_access_key   # LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY
  }
  max_retries     = 8
  request_timeout = "60s"
}

data "iam_lakefs_current_user" "caller" {}

output "caller" {
  description = "The user whose credentials the provider uses."
  value       = data.iam_lakefs_current_user.caller.id
}
