# The import id is USER_ID/ACCESS_KEY_ID.
terraform import iam_lakefs_credentials.etl etl/AKIAJEXAMPLEEXAMPLEQ
