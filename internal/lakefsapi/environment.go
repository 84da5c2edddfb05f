// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	yaml "go.yaml.in/yaml/v3"
)

// The variables that lakectl reads too.
const (
	EnvEndpoint        = "LAKECTL_SERVER_ENDPOINT_URL"
	EnvAccessKeyID     = "LAKECTL_CREDENTIALS_ACCESS_KEY_ID"
	EnvSecretAccessKey = "LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY" //nolint:gosec // a variable's name, no secret
	EnvConfigFile      = "LAKECTL_CONFIG_FILE"
)

// defaultConfigFile is lakectl's own file in the home directory.
const defaultConfigFile = ".lakectl.yaml"

// maxConfigFile is the largest configuration file that is read, in bytes.
const maxConfigFile = 1 << 20

// Environment is where unset configuration may come from.
type Environment struct {
	// Getenv answers a variable, as os.Getenv does.
	Getenv func(name string) string
	// HomeDir is where lakectl's file lies by default; "" means there is none.
	HomeDir string
	// ReadFile lets lakectl's file be read, when the variables are not enough.
	ReadFile bool
}

// ConfigFromEnvironment fills in what explicit leaves unset, each value by itself:
// first from its variable, then from lakectl's file, which is read only when it
// is needed. A token that is explicit keeps the key pairs of both other sources
// out. What then is still unset stays so; New says that it is missing.
func ConfigFromEnvironment(explicit Config, env Environment) (Config, error) {
	config := explicit
	fill(&config, env.Getenv(EnvEndpoint), env.Getenv(EnvAccessKeyID), env.Getenv(EnvSecretAccessKey))
	if !env.ReadFile || config.Endpoint != "" && hasCredentials(config) {
		return config, nil
	}
	file, err := readLakectlFile(env)
	if err != nil {
		return Config{}, err
	}
	fill(&config, file.Server.EndpointURL, file.Credentials.AccessKeyID, file.Credentials.SecretAccessKey)
	return config, nil
}

func hasCredentials(config Config) bool {
	return config.Token != "" || config.AccessKeyID != "" && config.SecretAccessKey != ""
}

// fill takes from one source what no source before it has set.
func fill(config *Config, endpoint, accessKeyID, secretAccessKey string) {
	config.Endpoint = cmp.Or(config.Endpoint, endpoint)
	if config.Token == "" {
		config.AccessKeyID = cmp.Or(config.AccessKeyID, accessKeyID)
		config.SecretAccessKey = cmp.Or(config.SecretAccessKey, secretAccessKey)
	}
}

// lakectlFile is what concerns us of lakectl's configuration file.
type lakectlFile struct {
	Server struct {
		EndpointURL string `yaml:"endpoint_url"`
	} `yaml:"server"`
	Credentials struct {
		AccessKeyID     string `yaml:"access_key_id"`
		SecretAccessKey string `yaml:"secret_access_key"`
	} `yaml:"credentials"`
}

// readLakectlFile reads the file that the environment names, which must exist,
// or the default one, which need not. Its errors quote nothing of the content.
func readLakectlFile(env Environment) (lakectlFile, error) {
	path := env.Getenv(EnvConfigFile)
	isDefault := path == ""
	switch {
	case isDefault && env.HomeDir == "":
		return lakectlFile{}, nil
	case isDefault:
		path = filepath.Join(env.HomeDir, defaultConfigFile)
	case strings.HasPrefix(path, "~/"):
		path = filepath.Join(env.HomeDir, path[2:])
	}
	data, err := readLimited(path)
	if isDefault && errors.Is(err, fs.ErrNotExist) {
		return lakectlFile{}, nil
	}
	if err != nil {
		return lakectlFile{}, fmt.Errorf("reading lakectl's configuration file: %w", err)
	}
	var file lakectlFile
	if err := yaml.Unmarshal(data, &file); err != nil {
		// The cause is left out: it quotes values.
		return lakectlFile{}, fmt.Errorf("lakectl's configuration file %s is not valid YAML of the expected form", path)
	}
	return file, nil
}

func readLimited(path string) ([]byte, error) {
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxConfigFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxConfigFile {
		return nil, fmt.Errorf("%s is larger than %d bytes", path, maxConfigFile)
	}
	return data, nil
}
