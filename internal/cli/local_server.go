// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const (
	// localAddress is the only address the local server listens on: it hands its
	// admin keys to whoever reads its output and has no transport security.
	localAddress = "127.0.0.1"
	// stopGrace is how long requests under way may take after a signal.
	stopGrace = 5 * time.Second
	maxPort   = 65535
)

// localServerFlags are the flags of the local-server subcommand.
type localServerFlags struct {
	port     int
	seedFile string
	options  localserver.Options
}

const localServerIntro = `Usage: ` + program + ` local-server [flags]

Serves the APIs that the provider speaks to from memory, for tests and for
trying things out, on 127.0.0.1 only. Once it serves, it prints the environment
variables that the provider reads, one export a line, then a line "ready":

  ` + program + ` local-server > server.env &
  until grep -q ^ready server.env; do sleep 0.1; done
  eval "$(grep ^export server.env)" && terraform plan

SIGINT or SIGTERM stops it. Nothing is stored.

Flags:
`

// LocalServer runs the local-server subcommand until ctx ends and returns the
// exit code: 0 after it was stopped, 1 if it cannot serve, 2 for wrong flags or a
// seed that does not add up. The environment variables go to stdout, the log of
// requests to stderr.
func LocalServer(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags, err := parseLocalServer(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return complain(stderr, exitUsage, fmt.Errorf("%w (see local-server -h)", err))
	}
	flags.options.Log = slog.New(slog.NewTextHandler(stderr, nil))
	server, err := flags.newServer()
	if err != nil {
		return complain(stderr, exitUsage, err)
	}
	address := net.JoinHostPort(localAddress, strconv.Itoa(flags.port))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return complain(stderr, exitFailed, err)
	}
	if err := announce(stdout, listener.Addr().String(), server); err != nil {
		return complain(stderr, exitFailed, errors.Join(err, listener.Close()))
	}
	if err := server.Serve(ctx, listener, stopGrace); err != nil {
		return complain(stderr, exitFailed, err)
	}
	return exitOK
}

// parseLocalServer reads the flags; help goes to stdout.
func parseLocalServer(args []string, stdout io.Writer) (localServerFlags, error) {
	var f localServerFlags
	set := flag.NewFlagSet("local-server", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {} // It would also be printed for every error.
	o := &f.options
	set.IntVar(&f.port, "port", 0, "`number` of the port on 127.0.0.1; 0 takes a free one. Example: --port 8000")
	set.StringVar(&o.Dialect, "dialect", "1.84", "`version` of lakeFS to be, 1.84 or 0.97. Example: --dialect 0.97")
	set.StringVar(&o.RBAC, "rbac", "internal",
		"`mode` of access control: internal or external, simplified for a lakeFS with access control lists of groups in place of policies,"+
			" or none for one with one user and no policies. Example: --rbac simplified")
	set.BoolVar(&o.ExternalPrincipals, "external-principals", false,
		"serve lakeFS's experimental operations on external principals. Example: --external-principals")
	set.StringVar(&o.GroupIDs, "group-ids", "name",
		"`source` of group ids: name, or generated for a lakeFS that chooses them. Example: --group-ids generated")
	set.StringVar(&f.seedFile, "seed", "",
		"JSON `file` with users, groups, policies, memberships, attachments and credentials to start with, and in its member cdf"+
			" with groups, securityCategories, users and clients of CDF. Example: --seed seed.json")
	set.IntVar(&o.PageSize, "page-size", 0,
		"`number` of items in a page unless the client asks for fewer; 0 is that of the real server. Example: --page-size 2")
	set.DurationVar(&o.Latency, "latency", 0, "`duration` added to every request. Example: --latency 20ms")
	set.DurationVar(&o.AuthCache, "auth-cache", 0,
		"`duration` for which users, keys and rights are cached, 20s in a real lakeFS; 0 is off. Example: --auth-cache 20s")
	set.Func("fault", "`kinds` of faults to make on purpose, separated by commas: "+strings.Join(append(localserver.FaultNames(), localserver.AllFaults), ", ")+
		". Example: --fault lost,503", func(names string) error {
		o.Fault.Kinds = append(o.Fault.Kinds, strings.Split(names, ",")...)
		return nil
	})
	set.Float64Var(&o.Fault.Rate, "fault-rate", 0.1, "`share` of the requests that fail, from 0 to 1, if there is a --fault. Example: --fault-rate 0.2")
	set.Uint64Var(&o.Fault.Seed, "fault-seed", 1, "`number` that chooses which requests fail: the same ones for the same number. Example: --fault-seed 7")
	set.StringVar(&o.CDF.Project, "project", "local", "`name` of the CDF project. Example: --project acme")
	set.DurationVar(&o.CDF.CapabilityDelay, "capability-delay", 0,
		"`duration` until a change of CDF groups reaches authorization and token inspection. Example: --capability-delay 5s")
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		show(stdout, localServerIntro+flagHelp(set))
	}
	if err != nil {
		return f, fmt.Errorf("local-server: %w", err)
	}
	if set.NArg() > 0 {
		return f, fmt.Errorf("local-server takes flags only, not %q", set.Arg(0))
	}
	if f.port < 0 || f.port > maxPort {
		return f, fmt.Errorf("local-server: port is %d: use 0 to %d", f.port, maxPort)
	}
	return f, nil
}

// flagHelp describes the flags one below the other, with two dashes as the
// documentation spells them.
func flagHelp(set *flag.FlagSet) string {
	var text strings.Builder
	set.VisitAll(func(f *flag.Flag) {
		name, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(&text, "  --%s %s", f.Name, name)
		if f.DefValue != "" {
			fmt.Fprintf(&text, " (default %s)", f.DefValue)
		}
		fmt.Fprintf(&text, "\n      %s\n", usage)
	})
	return text.String()
}

func (f localServerFlags) newServer() (*localserver.Server, error) {
	if f.seedFile != "" {
		file, err := os.Open(f.seedFile)
		if err != nil {
			return nil, fmt.Errorf("seed: %w", err)
		}
		defer func() { _ = file.Close() }()
		f.options.Seed = file
	}
	return localserver.New(f.options)
}

// announce prints what a shell needs to reach the server.
func announce(stdout io.Writer, address string, server *localserver.Server) error {
	base := "http://" + address
	variables := []struct{ name, value string }{
		{"LAKECTL_SERVER_ENDPOINT_URL", base},
		{"LAKECTL_CREDENTIALS_ACCESS_KEY_ID", server.AccessKeyID()},
		{"LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY", server.SecretAccessKey()},
		{"CDF_URL", base},
		{"CDF_PROJECT", server.Project()},
		{"IDP_TOKEN_URL", base + "/oauth2/token"},
		{"IDP_CLIENT_ID", server.ClientID()},
		{"IDP_CLIENT_SECRET", server.ClientSecret()},
		{"CDF_ORGANIZATION_URL", base},
	}
	var text strings.Builder
	for _, v := range variables {
		fmt.Fprintf(&text, "export %s='%s'\n", v.name, v.value)
	}
	text.WriteString("ready\n")
	if _, err := io.WriteString(stdout, text.String()); err != nil {
		return fmt.Errorf("printing the environment: %w", err)
	}
	return nil
}

// complain prints an error and returns the exit code for it.
func complain(stderr io.Writer, code int, err error) int {
	// Nothing is left to be done when standard error is closed.
	_, _ = fmt.Fprintf(stderr, "%s: %v\n", program, err)
	return code
}
