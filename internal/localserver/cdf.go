// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package localserver

import (
	"encoding/json"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// Project returns the name of the CDF project in URLs.
func (s *Server) Project() string { return s.cdf.Project() }

// Organization returns the id of the organisation that the CDF project is of.
func (s *Server) Organization() string { return s.cdf.Organization() }

// ClientID returns the client id of the administrator of the CDF project.
func (s *Server) ClientID() string { return s.cdf.ClientID() }

// ClientSecret returns the client secret of the administrator of the CDF project.
func (s *Server) ClientSecret() string { return s.cdf.ClientSecret() }

// AddCDFClient adds a service account with the credentials of a client.
func (s *Server) AddCDFClient(client cdf.Client) error { return s.cdf.AddClient(client) }

// AddCDFUser adds a user account.
func (s *Server) AddCDFUser(user cdf.User) error { return s.cdf.AddUser(user) }

// AddCDFGroup stores a group that nobody asked the API for, in the form in which
// groups are written, and returns its id. It may be one that the API would not
// take, and holds at once.
func (s *Server) AddCDFGroup(written json.RawMessage) (int64, error) { return s.cdf.AddGroup(written) }

// CDFToken issues an access token for a user or client of CDF.
func (s *Server) CDFToken(id string) (string, error) { return s.cdf.Token(id) }

// SetCDFSessionStatus does to a CDF session what only other services and time do.
func (s *Server) SetCDFSessionStatus(id int64, status string) error {
	return s.cdf.SetSessionStatus(id, status)
}
