// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import "encoding/json"

// inspectionJSON is the answer of token inspection.
type inspectionJSON struct {
	Subject      string              `json:"subject"`
	Projects     []projectGroupsJSON `json:"projects"`
	Capabilities []json.RawMessage   `json:"capabilities"`
}

// projectGroupsJSON names the groups of the caller in one project.
type projectGroupsJSON struct {
	ProjectURLName string  `json:"projectUrlName"`
	Groups         []int64 `json:"groups"`
}

// inspectToken shows what the groups of the caller grant. What is granted without
// being written in a group, as reading user profiles is, does not appear.
func (s *Server) inspectToken(c *call) reply {
	shown := inspectionJSON{Subject: c.caller.id, Projects: []projectGroupsJSON{}, Capabilities: []json.RawMessage{}}
	var ids []int64
	for _, g := range c.groups {
		ids = append(ids, g.id)
		for _, held := range g.capabilities {
			shown.Capabilities = append(shown.Capabilities, held.inspected)
		}
	}
	if len(ids) > 0 {
		shown.Projects = append(shown.Projects, projectGroupsJSON{ProjectURLName: s.options.Project, Groups: ids})
	}
	return answer(shown)
}
