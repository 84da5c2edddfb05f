# The import id is GROUP_ID/USER_ID.
terraform import iam_lakefs_group_membership.etl_in_analysts analysts/etl
