// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

const fullFile = "server:\n  endpoint_url: https://file.example.com/api/v1\n" +
	"credentials:\n  access_key_id: FILEKEY\n  secret_access_key: " + testSecret + "\nmetastore:\n  type: hive\n"

// config writes an expectation short.
func config(endpoint, id, secret, token string) lakefsapi.Config {
	return lakefsapi.Config{Endpoint: endpoint, AccessKeyID: id, SecretAccessKey: secret, Token: token}
}

func TestConfigFromEnvironment(t *testing.T) {
	t.Parallel()
	const fileEndpoint = "https://file.example.com/api/v1"
	env := map[string]string{
		lakefsapi.EnvEndpoint: "https://env.example.com", lakefsapi.EnvAccessKeyID: "ENVKEY", lakefsapi.EnvSecretAccessKey: "env",
	}
	endpointOnly := map[string]string{lakefsapi.EnvEndpoint: "https://env.example.com"}
	tests := map[string]struct {
		explicit lakefsapi.Config
		env      map[string]string
		file     string // "": none
		noFile   bool   // it must not be read
		want     lakefsapi.Config
	}{
		"all explicit":             {explicit: config("https://x.io", "K", "s", ""), env: env, file: fullFile, want: config("https://x.io", "K", "s", "")},
		"all from the environment": {env: env, file: fullFile, want: config("https://env.example.com", "ENVKEY", "env", "")},
		"all from the file":        {file: fullFile, want: config(fileEndpoint, "FILEKEY", testSecret, "")},
		"endpoint explicit":        {explicit: config("https://x.io", "", "", ""), file: fullFile, want: config("https://x.io", "FILEKEY", testSecret, "")},
		"endpoint from variable":   {env: endpointOnly, file: fullFile, want: config("https://env.example.com", "FILEKEY", testSecret, "")},
		"key pair explicit":        {explicit: config("", "K", "s", ""), env: env, want: config("https://env.example.com", "K", "s", "")},
		"token explicit":           {explicit: config("", "", "", "t"), env: env, file: fullFile, want: config("https://env.example.com", "", "", "t")},
		"token, endpoint of file":  {explicit: config("", "", "", "t"), file: fullFile, want: config(fileEndpoint, "", "", "t")},
		"file not to be read":      {file: fullFile, noFile: true, want: config("", "", "", "")},
		"no file":                  {want: config("", "", "", "")},
		"empty file":               {file: "# nothing\n", want: config("", "", "", "")},
		"number as key id":         {file: "credentials: {access_key_id: 123, secret_access_key: s}", want: config("", "123", "s", "")},
		"id explicit, secret from variable": {
			explicit: config("", "K", "", ""), env: env, file: fullFile, want: config("https://env.example.com", "K", "env", ""),
		},
		"secret explicit, id from variable": {
			explicit: config("", "", "s", ""), env: env, file: fullFile, want: config("https://env.example.com", "ENVKEY", "s", ""),
		},
		"id explicit, secret from file": {explicit: config("", "K", "", ""), file: fullFile, want: config(fileEndpoint, "K", testSecret, "")},
		"secret explicit, id from file": {explicit: config("", "", "s", ""), file: fullFile, want: config(fileEndpoint, "FILEKEY", "s", "")},
		"id from variable, secret from file": {
			env:  map[string]string{lakefsapi.EnvAccessKeyID: "ENVKEY"},
			file: fullFile, want: config(fileEndpoint, "ENVKEY", testSecret, ""),
		},
		"one from each": {
			explicit: config("", "K", "", ""), env: endpointOnly, file: fullFile, want: config("https://env.example.com", "K", testSecret, ""),
		},
		"half a pair, nothing else": {explicit: config("", "K", "", ""), want: config("", "K", "", "")},
		"half a pair in the file":   {file: "credentials: {secret_access_key: s}", want: config("", "", "s", "")},
		"token and half a pair":     {explicit: config("", "K", "", "t"), env: env, file: fullFile, want: config("https://env.example.com", "K", "", "t")},
		"broken file unused":        {env: env, file: "\t{", want: config("https://env.example.com", "ENVKEY", "env", "")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			if test.file != "" {
				writeFile(t, filepath.Join(home, ".lakectl.yaml"), test.file)
			}
			got, err := lakefsapi.ConfigFromEnvironment(test.explicit, lakefsapi.Environment{
				Getenv: getenv(test.env), HomeDir: home, ReadFile: !test.noFile,
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreTypes(httpapi.Options{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func getenv(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestConfigFile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	files := map[string]string{
		"full.yaml":      fullFile,
		"tabs.yaml":      "credentials:\n\tsecret_access_key: " + testSecret,
		"list.yaml":      "credentials: [" + testSecret + "]",
		"text.yaml":      testSecret,
		"large.yaml":     "# " + strings.Repeat("x", 1<<20),
		"directory.yaml": "",
	}
	for name, content := range files {
		if content == "" {
			if err := os.Mkdir(filepath.Join(home, name), 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		writeFile(t, filepath.Join(home, name), content)
	}
	tests := map[string]struct{ variable, wantErr string }{
		"by absolute path": {filepath.Join(home, "full.yaml"), ""},
		"by home":          {"~/full.yaml", ""},
		"missing":          {filepath.Join(home, "none.yaml"), "none.yaml: no such file"},
		"bad YAML":         {"~/tabs.yaml", "not valid YAML of the expected form"},
		"a list":           {"~/list.yaml", "not valid YAML of the expected form"},
		"a text":           {"~/text.yaml", "not valid YAML of the expected form"},
		"too large":        {"~/large.yaml", "larger than 1048576 bytes"},
		"a directory":      {"~/directory.yaml", "is a directory"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := lakefsapi.ConfigFromEnvironment(lakefsapi.Config{}, lakefsapi.Environment{
				Getenv: getenv(map[string]string{lakefsapi.EnvConfigFile: test.variable}), HomeDir: home, ReadFile: true,
			})
			if test.wantErr == "" {
				if err != nil || got.AccessKeyID != "FILEKEY" {
					t.Errorf("got %v, error %v", got, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.wantErr) || strings.Contains(err.Error(), testSecret) {
				t.Errorf("error %v, want one with %q", err, test.wantErr)
			}
		})
	}
}

func TestNoHomeDirectory(t *testing.T) {
	t.Parallel()
	got, err := lakefsapi.ConfigFromEnvironment(lakefsapi.Config{}, lakefsapi.Environment{Getenv: getenv(nil), ReadFile: true})
	if err != nil || got.Endpoint != "" {
		t.Errorf("got %v, error %v; want nothing", got, err)
	}
}
