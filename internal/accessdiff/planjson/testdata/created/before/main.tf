terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}

# Nothing is there.
