// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// The universe of the random groups.
var (
	someSources      = []string{"s1", "s2"}
	someCapabilities = []string{
		`{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}`,
		`{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"datasetScope":{"ids":[1]}}}}`,
		`{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1,2]}}}}`,
		`{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"d":{"tables":["t","u"]}}}}}}`,
		`{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"d":{"tables":[]}}}}}}`,
		`{"dataModelInstancesAcl":{"actions":["WRITE"],"scope":{"spaceIdScope":{"spaceIds":["x"]}}}}`,
		`{"dataModelInstancesAcl":{"actions":["WRITE_PROPERTIES"],"scope":{"spaceIdScope":{"spaceIds":["x","y"]}}}}`,
		`{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}}`,
		`{"securityCategoriesAcl":{"actions":["LIST","CREATE"],"scope":{"all":{}}}}`,
	}
	points = []cdfcapability.Permission{
		{ACL: "assetsAcl", Action: "READ", Scope: "all"}, {ACL: "assetsAcl", Action: "READ", Scope: "datasetScope", ID: 1}, {ACL: "assetsAcl", Action: "READ", Scope: "datasetScope", ID: 2},
		{ACL: "assetsAcl", Action: "WRITE", Scope: "datasetScope", ID: 1}, {ACL: "assetsAcl", Action: "WRITE", Scope: "all"},
		{ACL: "rawAcl", Action: "READ", Scope: "tableScope", Text: "d"}, {ACL: "rawAcl", Action: "READ", Scope: "tableScope", Text: "d", Table: "t"}, {ACL: "rawAcl", Action: "READ", Scope: "tableScope", Text: "d", Table: "u"},
		{ACL: "dataModelInstancesAcl", Action: "WRITE", Scope: "spaceIdScope", Text: "x"}, {ACL: "dataModelInstancesAcl", Action: "WRITE_PROPERTIES", Scope: "spaceIdScope", Text: "x"},
		{ACL: "dataModelInstancesAcl", Action: "WRITE_PROPERTIES", Scope: "spaceIdScope", Text: "y"},
	}
)

func drawCDFGroups(t *rapid.T) (w World) {
	for range rapid.IntRange(0, 3).Draw(t, "groups") {
		chosen := rapid.SliceOfN(rapid.SampledFrom(someCapabilities), 0, 3).Draw(t, "capabilities")
		list, err := cdfcapability.ParseList([]byte("[" + strings.Join(chosen, ",") + "]"))
		if err != nil {
			t.Fatal(err)
		}
		w.CDFGroups = append(w.CDFGroups, CDFGroup{Name: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name"), SourceID: rapid.SampledFrom(someSources).Draw(t, "source"), Capabilities: list})
	}
	return w
}

// capabilitiesOf puts together what the groups of a source grant.
func (w World) capabilitiesOf(source string) (list []cdfcapability.Capability) {
	for _, g := range w.CDFGroups {
		if g.SourceID == source {
			list = append(list, g.Capabilities...)
		}
	}
	return list
}

// What is gained is what is missing before of what there is after, point by point, and the other way round.
func TestCDFReportAgreesWithMissing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after := drawCDFGroups(t), drawCDFGroups(t)
		report := Compare(Change{Before: before, After: after, Complete: true})
		for _, source := range someSources {
			var change PrincipalChange
			for _, p := range report.Principals {
				if slices.Contains(p.Subjects, Subject{KindSourceID, source}) {
					change = p
				}
			}
			for _, point := range points {
				holds := func(w World) bool {
					missing, _, err := cdfcapability.Missing(w.capabilitiesOf(source), []cdfcapability.Capability{point.Capability()}, cdfcapability.Options{})
					if err != nil {
						t.Fatal(err)
					}
					return len(missing) == 0
				}
				had, has := holds(before), holds(after)
				if gained := saysPoint(change.Gained, point); gained != (has && !had) {
					t.Fatalf("%s: %s held before %t, after %t, and gained is %t: %+v", source, point, had, has, gained, change)
				}
				if lost := saysPoint(change.Lost, point); lost != (had && !has) {
					t.Fatalf("%s: %s held before %t, after %t, and lost is %t: %+v", source, point, had, has, lost, change)
				}
			}
		}
	})
}

// saysPoint reports whether one of the lines is about a permission: covers it, and none of the
// exceptions does.
func saysPoint(lines []Line, point cdfcapability.Permission) bool {
	_, place, _ := strings.Cut(point.String(), " in ")
	return slices.ContainsFunc(lines, func(l Line) bool {
		base, _, _ := strings.Cut(l.Text, " except ")
		if !strings.HasPrefix(point.String(), l.Action+" ") || slices.Contains(l.Except, place) || exceptsWhole(l, point) {
			return false
		}
		return slices.ContainsFunc(points, func(p cdfcapability.Permission) bool {
			return p.String() == base && (p == point || covers(p, point))
		})
	})
}

// exceptsWhole reports whether a whole database is an exception of which a permission is about a table.
func exceptsWhole(l Line, point cdfcapability.Permission) bool {
	whole := point
	whole.Table = ""
	_, place, _ := strings.Cut(whole.String(), " in ")
	return point.Table != "" && slices.Contains(l.Except, place)
}

// The local server, which decides by its own rules, lets a member of the groups list security categories and
// groups after a change where the report says so.
func TestCDFReportAgreesWithServers(t *testing.T) {
	t.Parallel()
	questions := map[string]string{"securityCategoriesAcl:LIST in all": "/securitycategories", "groupsAcl:LIST in all": "/groups?all=true"}
	rapid.Check(t, func(t *rapid.T) {
		before, after := drawCDFGroups(t), drawCDFGroups(t)
		report := Compare(Change{Before: before, After: after, Complete: true})
		was, is := before.cdfServer(t), after.cdfServer(t)
		for _, source := range someSources {
			for text, path := range questions {
				gained, lost := false, false
				for _, p := range report.Principals {
					if slices.Contains(p.Subjects, Subject{KindSourceID, source}) {
						isIt := func(l Line) bool { return l.Text == text }
						gained, lost = slices.ContainsFunc(p.Gained, isIt), slices.ContainsFunc(p.Lost, isIt)
					}
				}
				had, has := permits(t, was, source, path), permits(t, is, source, path)
				if gained != (has && !had) || lost != (had && !has) {
					t.Fatalf("%s, %s: permitted before %t, after %t; gained %t, lost %t", source, text, had, has, gained, lost)
				}
			}
		}
	})
}

// cdfServer makes a local server of the groups, with a client for each source.
func (w World) cdfServer(t *rapid.T) *localserver.Server {
	server, err := localserver.New(localserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range w.CDFGroups {
		capabilities, err := cdfcapability.EncodeList(g.Capabilities)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(map[string]any{"name": g.Name, "sourceId": g.SourceID, "capabilities": json.RawMessage(capabilities)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.AddCDFGroup(text); err != nil {
			t.Fatal(err)
		}
	}
	for _, source := range someSources {
		if err := server.AddCDFClient(cdf.Client{ID: source, Secret: "secret", SourceIDs: []string{source}}); err != nil {
			t.Fatal(err)
		}
	}
	return server
}

func permits(t *rapid.T, server *localserver.Server, source, path string) bool {
	token, err := server.CDFToken(source)
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/projects/"+server.Project()+path, &bytes.Buffer{})
	request.Header.Set("Authorization", "Bearer "+token)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	// Who is in no group at all is not even let in.
	if !slices.Contains([]int{http.StatusOK, http.StatusForbidden, http.StatusUnauthorized}, recorder.Code) {
		t.Fatalf("%s: status %d: %s", path, recorder.Code, recorder.Body)
	}
	return recorder.Code == http.StatusOK
}
