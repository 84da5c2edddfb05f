// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package cli is the command line of the provider's binary: Terraform starts it
// without arguments as a plugin, people start it with a subcommand. It holds flags
// and output only; the work is done by the packages that it calls.
package cli

import (
	"context"
	"fmt"
	"io"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// Exit codes of the binary.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// pluginCookie is the variable that Terraform sets for the plugins it starts
// (go-plugin's handshake, which checks its value).
const pluginCookie = "TF_PLUGIN_MAGIC_COOKIE"

// Process is what one run of the binary has of the world outside.
type Process struct {
	// Args are the arguments without the program's name.
	Args []string
	// Getenv reads the environment, Setenv changes it for what Serve starts.
	Getenv func(string) string
	Setenv func(name, value string) error
	// Stdin, Stdout and Stderr are the standard streams.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Version is what -version prints.
	Version string
	// Serve serves the plugin until Terraform ends it. With debug it waits for a
	// Terraform that is told about it by TF_REATTACH_PROVIDERS.
	Serve func(ctx context.Context, debug bool) error
}

// command is one thing that the binary does when its name is the first argument.
type command struct {
	// names are what it is called; the help text shows the first.
	names   []string
	summary string
	// flags tells whether it takes arguments of its own.
	flags bool
	// run does it with its own arguments and returns the exit code.
	run func(ctx context.Context, p Process, args []string) int
}

// commands lists them in the order of the help text.
func commands() []command {
	return []command{
		{
			names:   []string{"local-server"},
			summary: "serve the APIs of lakeFS and CDF in memory, to try the provider without an account",
			flags:   true,
			run: untilSignal(func(ctx context.Context, p Process, args []string) int {
				return LocalServer(ctx, args, p.Stdout, p.Stderr)
			}),
		},
		{
			names:   []string{"access-diff"},
			summary: "say who gains and who loses what when a plan is applied",
			flags:   true,
			run:     untilSignal(AccessDiff),
		},
		{
			names:   []string{"-debug", "--debug"},
			summary: "serve the plugin for a debugger and print TF_REATTACH_PROVIDERS",
			run:     func(ctx context.Context, p Process, _ []string) int { return serve(ctx, p, true) },
		},
		{
			names:   []string{"-version", "--version"},
			summary: "print the version",
			run: func(_ context.Context, p Process, _ []string) int {
				return show(p.Stdout, program+" "+p.Version+"\n")
			},
		},
		{
			names:   []string{"-help", "--help", "-h", "help"},
			summary: "print this text",
			run: func(_ context.Context, p Process, _ []string) int {
				return show(p.Stdout, usage(p.Version, commands()))
			},
		},
	}
}

// Run runs the binary and returns its exit code: 0 when all went well, 1 when the
// work failed or the plugin was started by hand, 2 when the arguments are wrong.
func Run(ctx context.Context, p Process) int {
	return run(ctx, p, commands())
}

func run(ctx context.Context, p Process, commands []command) int {
	if len(p.Args) == 0 {
		if p.Getenv(pluginCookie) != "" {
			return serve(ctx, p, false)
		}
		// Started by hand. go-plugin would only say that a plugin is not to be executed directly.
		show(p.Stderr, usage(p.Version, commands))
		return exitFailed
	}
	name, args := p.Args[0], p.Args[1:]
	for _, c := range commands {
		switch {
		case !slices.Contains(c.names, name):
		case len(args) > 0 && !c.flags:
			return refuse(p, "%s takes no arguments", name)
		default:
			return c.run(ctx, p, args)
		}
	}
	// Of a flag only the name is repeated: its value may be a secret.
	name, _, _ = strings.Cut(name, "=")
	return refuse(p, "unknown argument %q", name)
}

// untilSignal ends a command's context with SIGINT or SIGTERM. The plugin itself
// leaves signals to go-plugin: it must outlive an interrupt of the terminal until
// Terraform has saved its state.
func untilSignal(run func(context.Context, Process, []string) int) func(context.Context, Process, []string) int {
	return func(ctx context.Context, p Process, args []string) int {
		ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
		defer stop()
		return run(ctx, p, args)
	}
}

// frameworkLog sets the level of what terraform-plugin-framework logs of itself.
const frameworkLog = "TF_LOG_SDK_FRAMEWORK"

// logVariables are those by which somebody asks for a log of the provider.
var logVariables = []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PROVIDER_IAM", "TF_LOG_SDK", frameworkLog}

// quietFramework turns the framework's own log off unless somebody asked for one:
// otherwise it writes an entry for every attribute, for Terraform to throw away, and
// its search for the logger makes plans of long lists take quadratic time.
func quietFramework(p Process) error {
	asked := func(name string) bool { return p.Getenv(name) != "" }
	if slices.ContainsFunc(logVariables, asked) {
		return nil
	}
	return p.Setenv(frameworkLog, "off")
}

// serve serves the plugin and turns its error into an exit code.
func serve(ctx context.Context, p Process, debug bool) int {
	if err := quietFramework(p); err != nil {
		show(p.Stderr, fmt.Sprintf("%s: %v\n", program, err))
		return exitFailed
	}
	if err := p.Serve(ctx, debug); err != nil {
		show(p.Stderr, fmt.Sprintf("%s: %v\n", program, err))
		return exitFailed
	}
	return exitOK
}

// refuse says what is wrong with the arguments.
func refuse(p Process, format, name string) int {
	show(p.Stderr, fmt.Sprintf("%s: "+format+"; see %s -help\n", program, name, program))
	return exitUsage
}

// show writes a text and tells by its exit code whether that worked.
func show(to io.Writer, text string) int {
	if _, err := io.WriteString(to, text); err != nil {
		return exitFailed
	}
	return exitOK
}
