// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// capable is a transport of a project whose caller, and one group, have capabilities that
// may be anything.
type capable []byte

func (c capable) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"subject":"s","projects":[],"capabilities":` + string(c) + `}`
	if strings.HasSuffix(r.URL.Path, "/groups") {
		body = `{"items":[{"id":1,"name":"readers","capabilities":` + string(c) + `}]}`
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader([]byte(body))), Request: r,
	}, nil
}

// FuzzGrantsListing feeds arbitrary capabilities: none may crash, and nobody is believed to
// see all groups without the right to list them. Then what is not listed would pass for gone.
func FuzzGrantsListing(f *testing.F) {
	for _, capabilities := range []string{
		`[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}}]`,
		`[{"groupsAcl":{"actions":["LIST"],"scope":{"currentuserscope":{}}}}]`,
		`[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["other"]}}]`,
		`[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectScope":{"allProjects":{}}}]`,
		`[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectScope":{"projects":null}}]`,
		`[{"groupsAcl":[]},null,7]`, `[]`, `null`, `{}`, `7`, `[`,
	} {
		f.Add([]byte(capabilities))
	}
	f.Fuzz(func(t *testing.T, capabilities []byte) {
		client, err := cdfapi.New(cdfapi.Config{Cluster: "api", Project: "acme", Token: "t", HTTP: httpapi.Options{Transport: capable(capabilities)}})
		must(t, err)
		_, found, err := snapshot.NewCDF(client).GetGroup(t.Context(), 2)
		hidden, isHidden := errors.AsType[*snapshot.HiddenError](err)
		switch {
		case found:
			t.Errorf("a group that is not listed was found")
		case isHidden && hidden.ID != "2":
			t.Errorf("the error names another group: %v", err)
		case err == nil && !mayGrantListing(capabilities):
			t.Errorf("%q is taken for the right to list all groups", capabilities)
		}
	})
}

// mayGrantListing tells whether the words that grant the listing of groups are in
// capabilities, in whatever place.
func mayGrantListing(capabilities []byte) bool {
	var plain any
	if json.Unmarshal(capabilities, &plain) != nil {
		return bytes.Contains(capabilities, []byte("groupsAcl")) // as a part of other JSON
	}
	spelt, err := json.Marshal(plain) // without escapes
	return err == nil && bytes.Contains(spelt, []byte("groupsAcl")) && bytes.Contains(spelt, []byte("LIST")) &&
		bytes.Contains(bytes.ToLower(spelt), []byte(`"all"`))
}
