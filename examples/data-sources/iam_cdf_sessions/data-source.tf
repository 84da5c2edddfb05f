# The sessions by which services act for somebody now.
data "iam_cdf_sessions" "active" {
  status = "ACTIVE"
}

output "clients_in_use" {
  value = distinct(compact(data.iam_cdf_sessions.active.sessions[*].client_id))
}
