# The import id is USER_ID/PRINCIPAL_ID.
terraform import iam_lakefs_external_principal.etl etl/arn:aws:sts::123456789012:assumed-role/etl/session
