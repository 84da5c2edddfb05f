// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outcome is everything that a run of the binary shows.
type outcome struct {
	Code           int
	Served         string
	Stdout, Stderr string
}

// start runs the binary with the arguments, as Terraform does when cookie is set.
func start(t *testing.T, cookie, serveError string, commands []command, args ...string) outcome {
	t.Helper()
	var got outcome
	var stdout, stderr bytes.Buffer
	got.Code = run(t.Context(), Process{
		Args: args,
		Getenv: func(name string) string {
			if name == "TF_PLUGIN_MAGIC_COOKIE" {
				return cookie
			}
			return ""
		},
		Setenv:  func(string, string) error { return nil },
		Stdin:   strings.NewReader(""),
		Stdout:  &stdout,
		Stderr:  &stderr,
		Version: "1.2.3",
		Serve: func(_ context.Context, debug bool) error {
			got.Served = map[bool]string{false: "plugin", true: "debug"}[debug]
			if serveError != "" {
				return errors.New(serveError)
			}
			return nil
		},
	}, commands)
	got.Stdout, got.Stderr = stdout.String(), stderr.String()
	return got
}

func TestRun(t *testing.T) {
	t.Parallel()
	help := usage("1.2.3", commands())
	tests := map[string]struct {
		cookie, serveError string
		args               []string
		want               outcome
	}{
		"started by Terraform": {
			cookie: "set",
			want:   outcome{Served: "plugin"},
		},
		"started by Terraform, serving fails": {
			cookie: "set", serveError: "no socket",
			want: outcome{Code: 1, Served: "plugin", Stderr: "terraform-provider-iam: no socket\n"},
		},
		"started by hand":      {want: outcome{Code: 1, Stderr: help}},
		"debug":                {args: []string{"-debug"}, want: outcome{Served: "debug"}},
		"debug, two dashes":    {args: []string{"--debug"}, want: outcome{Served: "debug"}},
		"version":              {args: []string{"-version"}, want: outcome{Stdout: "terraform-provider-iam 1.2.3\n"}},
		"version, two dashes":  {args: []string{"--version"}, want: outcome{Stdout: "terraform-provider-iam 1.2.3\n"}},
		"help":                 {args: []string{"-help"}, want: outcome{Stdout: help}},
		"help, short":          {args: []string{"-h"}, want: outcome{Stdout: help}},
		"help, as a word":      {args: []string{"help"}, want: outcome{Stdout: help}},
		"argument after flag":  {args: []string{"-version", "x"}, want: refused("-version takes no arguments")},
		"unknown word":         {args: []string{"locl-server"}, want: refused(`unknown argument "locl-server"`)},
		"unknown flag":         {args: []string{"-token=s3cret"}, want: refused(`unknown argument "-token"`)},
		"empty word":           {args: []string{""}, want: refused(`unknown argument ""`)},
		"unknown word, plugin": {cookie: "set", args: []string{"x"}, want: refused(`unknown argument "x"`)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := start(t, test.cookie, test.serveError, commands(), test.args...)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
		})
	}
}

// refused is the outcome of wrong arguments.
func refused(complaint string) outcome {
	return outcome{Code: 2, Stderr: "terraform-provider-iam: " + complaint + "; see terraform-provider-iam -help\n"}
}

func TestRunPassesArgumentsAndExitCode(t *testing.T) {
	t.Parallel()
	var gotArgs []string
	echo := command{names: []string{"echo"}, flags: true, run: func(_ context.Context, _ Process, args []string) int {
		gotArgs = args
		return 7
	}}
	got := start(t, "", "", []command{echo}, "echo", "-a", "b")
	if diff := cmp.Diff(outcome{Code: 7}, got); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"-a", "b"}, gotArgs); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
}

func TestUntilSignal(t *testing.T) { //nolint:paralleltest // a signal reaches every test of the process
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		wait := untilSignal(func(ctx context.Context, _ Process, _ []string) int {
			if err := self.Signal(signal); err != nil {
				t.Errorf("sending %v: %v", signal, err)
				return exitFailed
			}
			<-ctx.Done()
			return exitOK
		})
		if code := wait(t.Context(), Process{}, nil); code != exitOK {
			t.Errorf("%v: exit code %d, want %d", signal, code, exitOK)
		}
	}
}

// Nobody asked for a log, so the framework writes none; whoever asks gets one.
func TestServeQuietsTheFramework(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		environment map[string]string
		want        map[string]string
	}{
		"no log wanted":              {want: map[string]string{"TF_LOG_SDK_FRAMEWORK": "off"}},
		"a log of everything":        {environment: map[string]string{"TF_LOG": "trace"}},
		"a log of the providers":     {environment: map[string]string{"TF_LOG_PROVIDER": "debug"}},
		"a log of this provider":     {environment: map[string]string{"TF_LOG_PROVIDER_IAM": "debug"}},
		"a log of the framework":     {environment: map[string]string{"TF_LOG_SDK_FRAMEWORK": "trace"}},
		"a log that is kept by core": {environment: map[string]string{"TF_LOG_CORE": "trace"}, want: map[string]string{"TF_LOG_SDK_FRAMEWORK": "off"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got map[string]string
			code := serve(t.Context(), Process{
				Getenv: func(name string) string { return test.environment[name] },
				Setenv: func(name, value string) error {
					got = map[string]string{name: value}
					return nil
				},
				Serve: func(context.Context, bool) error { return nil },
			}, false)
			if diff := cmp.Diff(test.want, got); code != exitOK || diff != "" {
				t.Errorf("exit code %d, changes of the environment (-want +got):\n%s", code, diff)
			}
		})
	}
}

func TestServeReportsAnEnvironmentThatCannotChange(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	code := serve(t.Context(), Process{
		Getenv: func(string) string { return "" },
		Setenv: func(string, string) error { return errors.New("no room") },
		Stderr: &stderr,
	}, false)
	if code != exitFailed || !strings.Contains(stderr.String(), "no room") {
		t.Errorf("exit code %d, standard error %q", code, stderr.String())
	}
}

func TestHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	text := usage("1.2.3", commands())
	for _, c := range commands() {
		if !strings.Contains(text, "\n  "+c.names[0]+" ") {
			t.Errorf("the help text does not list %s", c.names[0])
		}
		if c.summary == "" {
			t.Errorf("%s has no summary", c.names[0])
		}
	}
}

func TestCommandNamesAreUnique(t *testing.T) {
	t.Parallel()
	var names []string
	for _, c := range commands() {
		names = append(names, c.names...)
	}
	slices.Sort(names)
	if diff := cmp.Diff(slices.Compact(slices.Clone(names)), names); diff != "" {
		t.Errorf("a name is used twice (-once +all):\n%s", diff)
	}
}

// brokenPipe is a writer whose reader has gone.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestShowReportsBrokenOutput(t *testing.T) {
	t.Parallel()
	if code := show(brokenPipe{}, "text"); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
}
