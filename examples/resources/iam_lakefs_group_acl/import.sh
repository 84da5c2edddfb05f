# The import id is the group's id.
terraform import iam_lakefs_group_acl.analysts analysts
