# The import id is group/GROUP_ID or user/USER_ID.
terraform import iam_lakefs_policy_attachments_exclusive.analysts group/analysts
terraform import iam_lakefs_policy_attachments_exclusive.etl user/etl
