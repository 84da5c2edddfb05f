# The import id is group/GROUP_ID/POLICY_ID or user/USER_ID/POLICY_ID.
terraform import iam_lakefs_policy_attachment.analysts_read_lake group/analysts/ReadLake
terraform import iam_lakefs_policy_attachment.etl_read_all user/etl/FSReadAll
