import {
  to = iam_lakefs_group.analysts
  id = "analysts"
}

resource "iam_lakefs_group" "analysts" {
  name        = "analysts"
  description = "Read the data of every repository."
}
