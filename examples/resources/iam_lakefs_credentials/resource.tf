resource "iam_lakefs_user" "etl" {
  id = "etl"
}

# To rotate the key, change any value of rotate_triggers. Terraform then makes the new
# key first, changes what uses it, and revokes the old key last.
resource "iam_lakefs_credentials" "etl" {
  user_id = iam_lakefs_user.etl.id

  rotate_triggers = {
    month = "2026-11"
  }

  lifecycle {
    create_before_destroy = true
  }
}

output "etl_access_key_id" {
  value = iam_lakefs_credentials.etl.access_key_id
}

output "etl_secret_access_key" {
  value     = iam_lakefs_credentials.etl.secret_access_key
  sensitive = true
}

# The state holds the secret of this key only as a message to the holder of a PGP key:
# terraform output -raw encrypted_secret_access_key | base64 -d | gpg -d
resource "iam_lakefs_credentials" "sealed" {
  user_id = iam_lakefs_user.etl.id
  pgp_key = file("${path.module}/operations.asc") # gpg --armor --export operations@example.com
}

output "encrypted_secret_access_key" {
  value = iam_lakefs_credentials.sealed.encrypted_secret_access_key
}
