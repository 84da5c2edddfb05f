# The import id is the group's id or, where no other group has it, the group's name.
terraform import iam_lakefs_group.analysts analysts
