terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

# Every value may be left out: the environment provides it. Without the block of a
# platform the environment alone decides, and a platform that nothing asks for needs none.
provider "iam" {
  lakefs {
    # endpoint          = "https://lakefs.example.com"   # LAKECTL_SERVER_ENDPOINT_URL
    # access_key_id     = var.lakefs_access_key_id       # LAKECTL_CREDENTIALS_ACCESS_KEY_ID
    # secret_access_key = var.lakefs_secret_access_key   # LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY
  }
  cdf {
    # cluster       = "westeurope-1"                            # CDF_CLUSTER
    # project       = "acme"                                    # CDF_PROJECT
    # token_url     = "https://auth.cognite.com/oauth2/token"   # IDP_TOKEN_URL
    # client_id     = var.cdf_client_id                         # IDP_CLIENT_ID
    # client_secret = var.cdf_client_secret                     # IDP_CLIENT_SECRET
  }
  max_retries     = 8
  request_timeout = "60s"
}

data "iam_lakefs_current_user" "caller" {}

data "iam_cdf_token_inspection" "caller" {}

output "lakefs_caller" {
  description = "The user of lakeFS whose credentials the provider uses."
  value       = data.iam_lakefs_current_user.caller.id
}

output "cdf_caller" {
  description = "The principal of Cognite Data Fusion that the provider logs in as."
  value       = data.iam_cdf_token_inspection.caller.subject
}
