terraform {
  required_version = ">= 1.14"

  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}
