variable "secret_version" {
  description = "Which secret the client pipeline logs in with: raise it with every new one."
  type        = number
  default     = 1
}

data "iam_cdf_sessions" "active" {
  status = "ACTIVE"
}

# Revokes what acts for the client pipeline. By hand:
#
#   terraform apply -invoke action.iam_cdf_revoke_sessions.pipeline
action "iam_cdf_revoke_sessions" "pipeline" {
  config {
    ids = [for session in data.iam_cdf_sessions.active.sessions : session.id if session.client_id == "pipeline"]
  }
}

# And by itself, when its secret changes.
resource "terraform_data" "secret_of_pipeline" {
  input = var.secret_version

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.iam_cdf_revoke_sessions.pipeline]
    }
  }
}
