// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
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

// ConfigFromEnvironment fills in what explicit leaves unset: first from the
// variables, then from lakectl's file. The two halves of a key pair always come
// from one place, and a token or a key pair that is explicit keeps both other
// sources out. What then is still unset stays so; New says that it is missing.
func ConfigFromEnvironment(explicit Config, env Environment) (Config, error) {
	config := explicit
	err := fillKeyPair(&config, keyPair{
		where: "the environment",
		id:    named{EnvAccessKeyID, env.Getenv(EnvAccessKeyID)},
		// The name of what is missing goes into the message.
		secret: named{EnvSecretAccessKey, env.Getenv(EnvSecretAccessKey)},
	})
	if err != nil {
		return Config{}, err
	}
	if config.Endpoint == "" {
		config.Endpoint = env.Getenv(EnvEndpoint)
	}
	if !env.ReadFile || config.Endpoint != "" && hasCredentials(config) {
		return config, nil
	}
	file, err := readLakectlFile(env)
	if err != nil {
		return Config{}, err
	}
	if config.Endpoint == "" {
		config.Endpoint = file.Server.EndpointURL
	}
	err = fillKeyPair(&config, keyPair{
		where:  "lakectl's configuration file",
		id:     named{"credentials.access_key_id", file.Credentials.AccessKeyID},
		secret: named{"credentials.secret_access_key", file.Credentials.SecretAccessKey},
	})
	if err != nil {
		return Config{}, err
	}
	return config, nil
}

type named struct{ name, value string }

// keyPair is a key pair and where its halves are from.
type keyPair struct {
	where      string
	id, secret named
}

func hasCredentials(config Config) bool {
	return config.Token != "" || config.AccessKeyID != "" && config.SecretAccessKey != ""
}

// fillKeyPair takes a key pair from one source unless there are credentials
// already. Half a pair on either side is an error: completing it from elsewhere
// would silently join halves that don't belong together.
func fillKeyPair(config *Config, from keyPair) error {
	switch {
	case config.Token != "" || config.AccessKeyID != "" && config.SecretAccessKey != "":
		return nil
	case config.AccessKeyID != "":
		return errors.New("access_key_id is set without secret_access_key: set both in one place")
	case config.SecretAccessKey != "":
		return errors.New("secret_access_key is set without access_key_id: set both in one place")
	case from.id.value == "" && from.secret.value != "":
		return fmt.Errorf("%s sets %s without %s: set both in one place", from.where, from.secret.name, from.id.name)
	case from.id.value != "" && from.secret.value == "":
		return fmt.Errorf("%s sets %s without %s: set both in one place", from.where, from.id.name, from.secret.name)
	}
	config.AccessKeyID, config.SecretAccessKey = from.id.value, from.secret.value
	return nil
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
