// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/provider"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// envCrash has the provider that this binary serves crash once it is configured.
const envCrash = "IAM_TEST_CRASH"

// crashing makes a provider that crashes as badly as it can.
func crashing() frameworkprovider.Provider { return crasher{provider.New("test")()} }

type crasher struct{ frameworkprovider.Provider }

// Configure configures the provider, opens its connections, and panics with everything
// that it holds.
func (c crasher) Configure(ctx context.Context, req frameworkprovider.ConfigureRequest, resp *frameworkprovider.ConfigureResponse) {
	c.Provider.Configure(ctx, req, resp)
	connections, ok := resp.ResourceData.(*entity.Connections)
	if !ok {
		return // Terraform will report an error, which the test does not expect
	}
	lakefs, err := connections.LakeFS.API()
	cdf, cdfErr := connections.CDF.API()
	panic(fmt.Sprintf("crashed on purpose: %+v %#v %+v %#v %+v %#v %+v %+v", c.Provider, c.Provider, connections, connections, lakefs, cdf, err, cdfErr))
}

// What a crash leaves behind, the trace of every goroutine included, holds no secret.
func TestAccProvider_crash(t *testing.T) {
	t.Parallel()
	lakefs, cdf := acctest.StartLocalLakeFS(t, localserver.Options{}), acctest.StartLocalCDF(t, localserver.Options{})
	p := newProject(t, crashConfig)
	p.environment = map[string]string{envCrash: "1", "GOTRACEBACK": "all"}
	for _, variables := range []map[string]string{lakefs.Environment(), cdf.Environment()} {
		maps.Copy(p.environment, variables)
	}
	output, err := p.try(t, "plan", "-no-color")
	written := output + p.read(t, "trace.log")
	if err == nil || !strings.Contains(written, "crashed on purpose") || !strings.Contains(written, "goroutine ") {
		t.Fatalf("error %v, want a crash: %s", err, output)
	}
	for name, secret := range map[string]string{
		"the secret access key": lakefs.Local.SecretAccessKey(), "the client secret": cdf.Local.ClientSecret(),
	} {
		if at := strings.Index(written, secret); at >= 0 {
			t.Errorf("%s shows after: %s", name, written[max(0, at-300):at])
		}
	}
}

const crashConfig = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
data "iam_lakefs_current_user" "me" {}
`
