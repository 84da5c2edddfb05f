// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import (
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// configuration is the part of a plan that says how its values come to be.
type configuration struct {
	config *tfjson.Config
	// modules are those of the configuration by their address without indices.
	modules map[string]*tfjson.ConfigModule
	// resources are those of all modules.
	resources map[block]*tfjson.ConfigResource
	// servers are the provider configurations that resources use.
	servers []string
}

// block is a resource of the configuration, its module without indices.
type block struct {
	module     string
	mode       tfjson.ResourceMode
	kind, name string
}

// defaultServer is the provider configuration of a resource that nothing says more of.
const defaultServer = "iam"

func newConfiguration(config *tfjson.Config) *configuration {
	c := &configuration{config: config, modules: map[string]*tfjson.ConfigModule{}, resources: map[block]*tfjson.ConfigResource{}}
	if config != nil {
		c.addModule("", config.RootModule)
	}
	slices.Sort(c.servers)
	c.servers = slices.Compact(c.servers)
	return c
}

func (c *configuration) addModule(path string, module *tfjson.ConfigModule) {
	if module == nil {
		return
	}
	c.modules[path] = module
	for _, r := range module.Resources {
		if r == nil || !ours("", r.Type) {
			continue
		}
		c.resources[block{path, r.Mode, r.Type, r.Name}] = r
		if r.ProviderConfigKey != "" {
			c.servers = append(c.servers, r.ProviderConfigKey)
		}
	}
	for name, call := range module.ModuleCalls {
		if call != nil {
			c.addModule(join(path, "module", name), call.Module)
		}
	}
}

// usesProvider reports whether the configuration has this provider.
func (c *configuration) usesProvider() bool {
	if c.config == nil {
		return false
	}
	for _, p := range c.config.ProviderConfigs {
		if p != nil && (p.Name == "iam" || strings.HasSuffix(p.FullName, "/iam")) {
			return true
		}
	}
	return len(c.servers) > 0
}

// plainModule is the address of a module without indices.
func plainModule(module string) string {
	parts := split(module)
	for i, part := range parts {
		parts[i], _ = cutIndex(part)
	}
	return strings.Join(parts, ".")
}

// resource finds a resource of the configuration, nil where it is no longer there.
func (c *configuration) resource(module string, mode tfjson.ResourceMode, kind, name string) *tfjson.ConfigResource {
	return c.resources[block{plainModule(module), mode, kind, name}]
}

// server is the provider configuration of a resource. Of one that has left the configuration the plan
// does not tell: it is that of the others, if they have one in common, otherwise the default.
func (c *configuration) server(module, kind, name string) string {
	if r := c.resource(module, tfjson.ManagedResourceMode, kind, name); r != nil && r.ProviderConfigKey != "" {
		return r.ProviderConfigKey
	}
	if len(c.servers) == 1 {
		return c.servers[0]
	}
	return defaultServer
}

// guessesServer reports whether server has to guess.
func (c *configuration) guessesServer(module, kind, name string) bool {
	r := c.resource(module, tfjson.ManagedResourceMode, kind, name)
	return (r == nil || r.ProviderConfigKey == "") && len(c.servers) > 1
}
