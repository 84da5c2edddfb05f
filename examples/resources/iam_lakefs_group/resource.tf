resource "iam_lakefs_group" "analysts" {
  name        = "analysts"
  description = "Read the data of every repository."
}

# The server chooses the id, which may differ from the name: refer to the id.
output "analysts_id" {
  value = iam_lakefs_group.analysts.id
}
