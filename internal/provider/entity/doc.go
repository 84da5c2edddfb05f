// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package entity is the one envelope around all Terraform types of the provider.
//
// A resource says what is special about it in a [Definition]: its schema, its
// model and the calls that create, read, update and delete it. [New] turns that
// into a framework resource that decodes requests, connects to the platform,
// saves state as soon as the remote object exists, explains errors and imports
// by id. A data source does the same with a [DataSource] and [NewDataSource].
// What holds for every type is written here once and nowhere else.
package entity
