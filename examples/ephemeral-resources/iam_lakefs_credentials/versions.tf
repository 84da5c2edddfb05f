terraform {
  required_providers {
    iam = {
      source = "dataiam/iam"
    }
  }
}
