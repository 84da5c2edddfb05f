# The import id is the group's id or, where no other group has it, the group's name.
terraform import iam_cdf_group.readers readers
terraform import iam_cdf_group.operators 4715822362013
