// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package scale

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	iam "github.com/dataiam/terraform-provider-iam/internal/provider"
)

// envMemory names the file in which a served provider keeps the most memory that it has held.
const envMemory = "SCALE_MEMORY_FILE"

// TestMain serves a provider when Terraform starts this binary, by the name that it is
// started under, and runs the benchmarks otherwise.
func TestMain(m *testing.M) {
	if os.Getenv("TF_PLUGIN_MAGIC_COOKIE") == "" {
		os.Exit(m.Run())
	}
	go recordMemory(os.Getenv(envMemory))
	const address = "registry.terraform.io/dataiam/"
	var err error
	switch filepath.Base(os.Args[0]) {
	case "terraform-provider-stub":
		err = providerserver.Serve(context.Background(), func() provider.Provider { return stubProvider{} }, providerserver.ServeOpts{Address: address + "stub", ProtocolVersion: 6})
	default:
		err = iam.Serve(address+"iam", iam.New("test"), false)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// recordMemory writes the peak of the resident memory of this process to a file, for as long as
// it lives: Terraform ends a provider without asking.
func recordMemory(file string) {
	for range time.Tick(100 * time.Millisecond) {
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			return // no Linux
		}
		for line := range strings.Lines(string(status)) {
			if peak, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				_ = os.WriteFile(file, []byte(strings.TrimSpace(peak)), 0o600) //nolint:gosec // the benchmark names the file; only a figure can be lost
			}
		}
	}
}

// shape is a company as Terraform configures it: %[1]d users in a hundredth as many groups, a
// fifth as many policies, of which each group has a hundred. Of the stub provider, all
// resources are of one type, with the same references.
const shape = `
locals {
  users    = [for i in range(%[1]d) : format("user-%%05d", i)]
  groups   = [for i in range(%[1]d / 100) : format("group-%%03d", i)]
  policies = [for i in range(max(100, %[1]d / 5)) : format("Policy%%05d", i)]
  attached = merge([for i, g in local.groups : { for j in range(100) : "${g}/${j}" => { group = g, policy = local.policies[(i * 100 + j) %% length(local.policies)] } }]...)
}
`

const ofIAM = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
resource "iam_lakefs_user" "u" {
  for_each = toset(local.users)
  id       = each.key
}
resource "iam_lakefs_group" "g" {
  for_each = toset(local.groups)
  name     = each.key
}
resource "iam_lakefs_policy" "p" {
  for_each = toset(local.policies)
  id       = each.key
  statement {
    effect    = "allow"
    actions   = ["fs:Read*"]
    resources = ["arn:lakefs:fs:::repository/${each.key}/*"]
  }
}
resource "iam_lakefs_group_membership" "m" {
  for_each = { for i, u in local.users : u => local.groups[i % length(local.groups)] }
  user_id  = iam_lakefs_user.u[each.key].id
  group_id = iam_lakefs_group.g[each.value].id
}
resource "iam_lakefs_policy_attachment" "a" {
  for_each  = local.attached
  policy_id = iam_lakefs_policy.p[each.value.policy].id
  group_id  = iam_lakefs_group.g[each.value.group].id
}
`

const ofStub = `
terraform {
  required_providers {
    stub = { source = "dataiam/stub" }
  }
}
resource "stub_object" "u" {
  for_each = toset(local.users)
  name     = each.key
}
resource "stub_object" "g" {
  for_each = toset(local.groups)
  name     = each.key
}
resource "stub_object" "p" {
  for_each = toset(local.policies)
  name     = each.key
}
resource "stub_object" "m" {
  for_each = { for i, u in local.users : u => local.groups[i % length(local.groups)] }
  name     = "${stub_object.u[each.key].id}/${stub_object.g[each.value].id}"
}
resource "stub_object" "a" {
  for_each = local.attached
  name     = "${stub_object.p[each.value.policy].id}/${stub_object.g[each.value.group].id}"
}
`

// rig is a directory with a configuration, and the server that it is for.
type rig struct {
	dir         string
	environment []string
	requests    func() int64
	connections atomic.Int64
	latency     atomic.Int64
}

func newRig(b *testing.B, config string) *rig {
	b.Helper()
	r := &rig{dir: b.TempDir()}
	server, err := localserver.New(localserver.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			time.Sleep(time.Duration(r.latency.Load()))
			next.ServeHTTP(w, q)
		})
	}})
	must(b, err)
	r.requests = server.Requests
	listener := httptest.NewUnstartedServer(server)
	listener.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			r.connections.Add(1)
		}
	}
	listener.Start()
	b.Cleanup(listener.Close)
	binary, err := os.Executable()
	must(b, err)
	overrides := ""
	for _, name := range []string{"iam", "stub"} {
		must(b, os.Symlink(binary, filepath.Join(r.dir, "terraform-provider-"+name)))
		overrides += fmt.Sprintf("    \"registry.terraform.io/dataiam/%[1]s\" = %[2]q\n    \"registry.opentofu.org/dataiam/%[1]s\" = %[2]q\n", name, r.dir)
	}
	must(b, os.WriteFile(filepath.Join(r.dir, "terraform.rc"), []byte("disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n"+overrides+"  }\n  direct {}\n}\n"), 0o600))
	must(b, os.WriteFile(filepath.Join(r.dir, "main.tf"), []byte(config), 0o600))
	r.environment = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir, "TF_CLI_CONFIG_FILE=" + filepath.Join(r.dir, "terraform.rc"), "CHECKPOINT_DISABLE=1",
		envMemory + "=" + filepath.Join(r.dir, "memory"), lakefsapi.EnvEndpoint + "=" + listener.URL,
		lakefsapi.EnvAccessKeyID + "=" + server.AccessKeyID(), lakefsapi.EnvSecretAccessKey + "=" + server.SecretAccessKey(),
	}
	return r
}

// run runs a command of Terraform and writes a row of the table.
func (r *rig) run(b *testing.B, what string, compared time.Duration, arguments ...string) time.Duration {
	b.Helper()
	requests, connections, started := r.requests(), r.connections.Load(), time.Now()
	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if terraform == "" {
		terraform = "terraform"
	}
	command := exec.CommandContext(b.Context(), terraform, append(arguments, "-no-color", "-input=false")...) //nolint:gosec // whoever runs the benchmark names the program
	command.Dir, command.Env = r.dir, r.environment
	output, err := command.CombinedOutput()
	if err != nil {
		b.Fatalf("terraform %v: %v\n%s", arguments, err, output)
	}
	took, ratio := time.Since(started), "–"
	if compared > 0 {
		ratio = fmt.Sprintf("%.2f", took.Seconds()/compared.Seconds())
	}
	memory, _ := os.ReadFile(filepath.Join(r.dir, "memory")) // there is none without /proc
	peak := "–"
	if kilobytes, err := strconv.Atoi(strings.TrimSuffix(string(memory), " kB")); err == nil {
		peak = fmt.Sprintf("%d MB", kilobytes/1024)
	}
	fmt.Printf("| %s | %d | %d | %.1f s | %s | %s |\n", what, r.requests()-requests, r.connections.Load()-connections, took.Seconds(), ratio, peak)
	return took
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkScale prints what a company of SCALE_USERS users costs, 1,000 unless set: its apply
// beside that of as many objects that do nothing, and its refresh with a latency of 100 ms.
func BenchmarkScale(b *testing.B) {
	users := 1000
	if text := os.Getenv("SCALE_USERS"); text != "" {
		var err error
		users, err = strconv.Atoi(text)
		must(b, err)
	}
	for b.Loop() {
		stub, company := newRig(b, fmt.Sprintf(shape, users)+ofStub), newRig(b, fmt.Sprintf(shape, users)+ofIAM)
		fmt.Printf("\n%d resources\n\n| | requests | connections | time | ratio | provider's memory |\n|---|---|---|---|---|---|\n", users+users/100+max(100, users/5)+users+users)
		idle := stub.run(b, "apply of objects that do nothing", 0, "apply", "-auto-approve")
		company.run(b, "apply", idle, "apply", "-auto-approve")
		company.latency.Store(int64(100 * time.Millisecond))
		without := company.run(b, "plan -refresh=false, 100 ms latency", 0, "plan", "-refresh=false", "-detailed-exitcode")
		company.run(b, "plan, 100 ms latency", without, "plan", "-detailed-exitcode")
	}
}
