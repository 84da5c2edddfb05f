# The import id is the id of the group.
terraform import iam_lakefs_group_memberships_exclusive.admins lake-admins
