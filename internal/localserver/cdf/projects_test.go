// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"crypto/tls"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

func TestProject(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{Project: "acme"})
	const project = `{"name":"acme","urlName":"acme","organization":"acme-org","userProfilesConfiguration":{"enabled":true},
		"oidcConfiguration":{"jwksUrl":"http://example.com/oauth2/jwks","tokenUrl":"http://example.com/oauth2/token",
			"issuer":"https://local-server.invalid","audience":"https://api.local-server.invalid","skewMs":0,
			"accessClaims":[{"claimName":"groups"}],"scopeClaims":[],"logClaims":[{"claimName":"sub"}],"isGroupCallbackEnabled":false}}`
	p.converse(t,
		exchange{send: "GET ", want: project},
		exchange{
			send: "POST /update", body: `{"update":{"userProfilesConfiguration":{"set":{"enabled":false}}}}`,
			want: strings.Replace(project, `"enabled":true`, `"enabled":false`, 1),
		},
		exchange{send: "GET //api/v1/projects/other", status: 401, want: errorOf(401, "Unauthorized: the caller is no member of the project other")},
	)
	encrypted := p.request(t, "GET ", "")
	encrypted.TLS = &tls.ConnectionState{}
	if got := p.do(t, "", encrypted).Body.String(); !strings.Contains(got, `"tokenUrl":"https://example.com/oauth2/token"`) {
		t.Errorf("with transport security the token URL is another: %s", got)
	}
}

func TestListProjects(t *testing.T) {
	t.Parallel()
	for status, options := range map[string]cdf.Options{"HYBRID": {}, "DATA_MODELING_ONLY": {DataModelingOnly: true}} {
		p := newProject(t, options)
		for query, want := range map[string]string{
			"": `{"items":[{"urlName":"local"}]}`, "?withDataModelingStatus=false": `{"items":[{"urlName":"local"}]}`,
			"?withDataModelingStatus=true": `{"items":[{"urlName":"local","dataModelingStatus":"` + status + `"}]}`,
			"?withDataModelingStatus=True": `{"items":[{"urlName":"local","dataModelingStatus":"` + status + `"}]}`,
		} {
			got := strings.TrimSpace(p.do(t, "", p.request(t, "GET //api/v1/projects"+query, "")).Body.String())
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", query, diff)
			}
		}
		p.converse(t, exchange{send: "GET //api/v1/projects?withDataModelingStatus=2", status: 400,
			want: errorOf(400, `withDataModelingStatus is "2": use true or false`)})
	}
}
