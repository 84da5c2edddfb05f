// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"encoding/json"
	"io"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
)

// accessDiffVersion is the version of the JSON. A new minor one adds members; a new major one takes
// some away, or changes what they mean. The guide documents it.
const accessDiffVersion = "1.0"

type jsonReports struct {
	FormatVersion string       `json:"format_version"`
	Servers       []jsonServer `json:"servers"`
}

type jsonServer struct {
	Provider   string          `json:"provider"`
	Complete   bool            `json:"complete"`
	Principals []jsonPrincipal `json:"principals"`
	Keys       []jsonKeys      `json:"keys"`
	Risks      []jsonRisk      `json:"risks"`
	Notes      []string        `json:"notes"`
}

type jsonSubject struct {
	Kind    string `json:"kind"`
	ID      string `json:"id,omitempty"`
	Address string `json:"address,omitempty"`
}

type jsonPrincipal struct {
	Platform  string        `json:"platform"`
	Subjects  []jsonSubject `json:"subjects"`
	Existence string        `json:"existence,omitempty"`
	Gained    []jsonLine    `json:"gained"`
	Lost      []jsonLine    `json:"lost"`
	Notes     []string      `json:"notes"`
}

type jsonLine struct {
	Permission string       `json:"permission"`
	Action     string       `json:"action"`
	Resource   string       `json:"resource"`
	Except     []string     `json:"except,omitempty"`
	Condition  string       `json:"condition,omitempty"`
	Certain    bool         `json:"certain"`
	Witness    *jsonWitness `json:"witness,omitempty"`
	Through    []jsonPath   `json:"through"`
	Denied     []jsonPath   `json:"denied,omitempty"`
}

type jsonWitness struct {
	User     string `json:"user"`
	Action   string `json:"action"`
	Resource string `json:"resource"`
}

type jsonPath struct {
	Policy   string   `json:"policy,omitempty"`
	Group    string   `json:"group,omitempty"`
	Possible bool     `json:"possible,omitempty"`
	Changes  []string `json:"changes,omitempty"`
}

type jsonKeys struct {
	User      string   `json:"user"`
	Made      int      `json:"made"`
	Deleted   int      `json:"deleted"`
	Addresses []string `json:"addresses"`
}

type jsonRisk struct {
	Rule    string   `json:"rule"`
	About   []string `json:"about"`
	Certain bool     `json:"certain"`
	Detail  string   `json:"detail"`
}

// accessJSON writes reports for programs.
func accessJSON(to io.Writer, reports []accessdiff.Report, _ style) error {
	whole := jsonReports{FormatVersion: accessDiffVersion, Servers: []jsonServer{}}
	for _, report := range reports {
		server := jsonServer{
			Provider: report.Server, Complete: report.Complete, Principals: []jsonPrincipal{}, Keys: []jsonKeys{}, Risks: []jsonRisk{}, Notes: append([]string{}, report.Notes...),
		}
		for _, change := range report.Principals {
			p := jsonPrincipal{Platform: change.Platform, Existence: change.Existence, Gained: jsonLines(change.Gained), Lost: jsonLines(change.Lost), Notes: append([]string{}, change.Notes...)}
			for _, subject := range change.Subjects {
				p.Subjects = append(p.Subjects, newJSONSubject(subject))
			}
			server.Principals = append(server.Principals, p)
		}
		for _, k := range report.Keys {
			server.Keys = append(server.Keys, jsonKeys(k))
		}
		for _, risk := range report.Risks {
			server.Risks = append(server.Risks, jsonRisk(risk))
		}
		whole.Servers = append(whole.Servers, server)
	}
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(whole)
}

func newJSONSubject(subject accessdiff.Subject) jsonSubject {
	if address, pending := subject.Pending(); pending {
		return jsonSubject{Kind: subject.Kind, Address: address}
	}
	return jsonSubject{Kind: subject.Kind, ID: subject.ID}
}

func jsonLines(lines []accessdiff.Line) []jsonLine {
	list := make([]jsonLine, len(lines))
	for i, l := range lines {
		list[i] = jsonLine{
			Permission: l.Text, Action: l.Action, Resource: l.Resource, Except: l.Except, Condition: l.Condition, Certain: l.Certain,
			Witness: (*jsonWitness)(l.Witness), Through: jsonPaths(l.Through), Denied: jsonPaths(l.Denied),
		}
	}
	return list
}

func jsonPaths(paths []accessdiff.Path) []jsonPath {
	list := make([]jsonPath, len(paths))
	for i, path := range paths {
		list[i] = jsonPath(path)
	}
	return list
}
