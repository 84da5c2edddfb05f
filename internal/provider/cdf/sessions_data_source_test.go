// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

func TestAccCDFSessionsDataSource_basic(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	credentials, _ := server.Client.OwnSessionCredentials()
	kinds := []cdfapi.SessionCredentials{credentials, {TokenExchange: true}, {OneShotTokenExchange: true}}
	ids := make([]int64, len(kinds))
	for i, kind := range kinds {
		made, err := server.Client.CreateSession(t.Context(), kind)
		must(t, err)
		ids[i] = made.ID
	}
	must(t, server.Local.SetCDFSessionStatus(ids[1], "ACTIVE"))
	session := func(id int64, kind, status string) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"id": knownvalue.Int64Exact(id), "type": knownvalue.StringExact(kind), "status": knownvalue.StringExact(status),
			"client_id": knownvalue.StringExact(server.Local.ClientID()), "creation_time": isTime, "expiration_time": isTime,
		})
	}
	readSteps(t, server, read("sessions", "")+"data \"iam_cdf_sessions\" \"active\" {\n  status = \"ACTIVE\"\n}\ndata \"iam_cdf_sessions\" \"lost\" {\n  status = \"ACCESS_LOST\"\n}\n",
		readHas("sessions", "status", knownvalue.Null()),
		readHas("sessions", "sessions", knownvalue.ListExact([]knownvalue.Check{
			session(ids[0], "CLIENT_CREDENTIALS", "READY"), session(ids[1], "TOKEN_EXCHANGE", "ACTIVE"), session(ids[2], "ONESHOT_TOKEN_EXCHANGE", "READY"),
		})),
		attribute("data.iam_cdf_sessions.active", "sessions", knownvalue.ListExact([]knownvalue.Check{session(ids[1], "TOKEN_EXCHANGE", "ACTIVE")})),
		attribute("data.iam_cdf_sessions.lost", "sessions", knownvalue.ListExact(nil)),
	)
}

// Sessions may be answered with little more than their ids.
func TestAccCDFSessionsDataSource_sparse(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, answering("/api/v1/projects/local/sessions", 200, `{"items":[{"id":9007199254740993,"status":"NEW_STATUS"}]}`))
	readSteps(t, server, read("sessions", ""),
		readHas("sessions", "sessions", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
			"id": knownvalue.Int64Exact(9007199254740993), "type": knownvalue.Null(), "status": knownvalue.StringExact("NEW_STATUS"),
			"client_id": knownvalue.Null(), "creation_time": knownvalue.Null(), "expiration_time": knownvalue.Null(),
		})})))
}

// The API refuses states that it does not know, so the plan does.
func TestAccCDFSessionsDataSource_status(t *testing.T) {
	t.Parallel()
	const words = `value must be one of: ["READY" "ACTIVE" "CANCELLED" "EXPIRED" "REVOKED" "ACCESS_LOST"], got: `
	expectRefusals(t, "sessions", map[string]string{
		`status = "active"`: words + `"active"`, `status = "DONE"`: words + `"DONE"`, `status = ""`: words + `""`,
	})
}

// Each state is passed on as it is.
func TestAccCDFSessionsDataSource_everyStatus(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	config, checks := "", []statecheck.StateCheck{}
	for _, status := range []string{"READY", "ACTIVE", "CANCELLED", "EXPIRED", "REVOKED", "ACCESS_LOST"} {
		made, err := server.Client.CreateSession(t.Context(), cdfapi.SessionCredentials{TokenExchange: true})
		must(t, err)
		must(t, server.Local.SetCDFSessionStatus(made.ID, status))
		config += fmt.Sprintf("data \"iam_cdf_sessions\" %[1]q {\n  status = %[1]q\n}\n", status)
		checks = append(checks, attribute("data.iam_cdf_sessions."+status, "sessions", itemsAre("status", status)))
	}
	readSteps(t, server, config, checks...)
}
