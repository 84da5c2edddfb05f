# The import id is the user's id.
terraform import iam_lakefs_user.etl etl
