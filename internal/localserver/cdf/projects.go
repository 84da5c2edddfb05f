// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// projectJSON is the project as it is answered.
type projectJSON struct {
	Name         string     `json:"name"`
	URLName      string     `json:"urlName"`
	Organization string     `json:"organization"`
	UserProfiles switchJSON `json:"userProfilesConfiguration"`
	OIDC         oidcJSON   `json:"oidcConfiguration"`
}

type switchJSON struct {
	Enabled bool `json:"enabled"`
}

// oidcJSON says which tokens the project takes, and which of their claims are
// compared with the sourceId of groups.
type oidcJSON struct {
	JwksURL              string      `json:"jwksUrl"`
	TokenURL             string      `json:"tokenUrl"`
	Issuer               string      `json:"issuer"`
	Audience             string      `json:"audience"`
	SkewMS               int         `json:"skewMs"`
	AccessClaims         []claimJSON `json:"accessClaims"`
	ScopeClaims          []claimJSON `json:"scopeClaims"`
	LogClaims            []claimJSON `json:"logClaims"`
	GroupCallbackEnabled bool        `json:"isGroupCallbackEnabled"`
}

type claimJSON struct {
	ClaimName string `json:"claimName"`
}

func (s *Server) getProject(c *call) reply {
	base := "http://" + c.request.Host
	if c.request.TLS != nil {
		base = "https://" + c.request.Host
	}
	return answer(projectJSON{
		Name:         s.options.Project,
		URLName:      s.options.Project,
		Organization: s.organization,
		UserProfiles: switchJSON{Enabled: s.store.userProfilesEnabled()},
		OIDC: oidcJSON{
			JwksURL:      base + "/oauth2/jwks",
			TokenURL:     base + "/oauth2/token",
			Issuer:       issuer,
			Audience:     audience,
			AccessClaims: []claimJSON{{"groups"}},
			ScopeClaims:  []claimJSON{},
			LogClaims:    []claimJSON{{"sub"}},
		},
	})
}

// keys publishes no keys: those that sign the tokens are secret.
func (s *Server) keys(*call) reply {
	return answer(map[string][]string{"keys": {}})
}

type projectUpdate struct {
	Update struct {
		UserProfiles *struct {
			Set *struct {
				Enabled *bool `json:"enabled"`
			} `json:"set"`
		} `json:"userProfilesConfiguration"`
	} `json:"update"`
}

func (s *Server) updateProject(c *call, body projectUpdate) reply {
	profiles := body.Update.UserProfiles
	if profiles == nil || profiles.Set == nil || profiles.Set.Enabled == nil {
		return fail(http.StatusBadRequest, "update.userProfilesConfiguration.set.enabled is missing: nothing else can be updated")
	}
	s.store.enableUserProfiles(*profiles.Set.Enabled)
	return s.getProject(c)
}

type projectItemJSON struct {
	URLName            string `json:"urlName"`
	DataModelingStatus string `json:"dataModelingStatus,omitempty"`
}

func (s *Server) listProjects(c *call) reply {
	status, err := boolOf(c, "withDataModelingStatus")
	if err != nil {
		return fail(http.StatusBadRequest, err.Error())
	}
	item := projectItemJSON{URLName: s.options.Project}
	switch {
	case !status:
	case s.options.DataModelingOnly:
		item.DataModelingStatus = "DATA_MODELING_ONLY"
	default:
		item.DataModelingStatus = "HYBRID"
	}
	return list([]projectItemJSON{item})
}

// boolOf reads a parameter that is true or false, in any case; absent is false.
func boolOf(c *call, name string) (bool, error) {
	text := c.query.Get(name)
	if text == "" {
		return false, nil
	}
	value, err := strconv.ParseBool(strings.ToLower(text))
	if err != nil {
		return false, fmt.Errorf("%s is %q: use true or false", name, text)
	}
	return value, nil
}

func (s *store) userProfilesEnabled() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.profilesEnabled
}

func (s *store) enableUserProfiles(enabled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.profilesEnabled = enabled
}
