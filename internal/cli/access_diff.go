// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
	"github.com/dataiam/terraform-provider-iam/internal/accessdiff/planjson"
)

// exitRisk is the exit code where a risk is found that --fail-on names. Unlike elsewhere, wrong arguments
// are an error like others here, so that a pipeline can tell the two apart.
const exitRisk = 2

const accessDiffIntro = `Usage: ` + program + ` access-diff [flags] [PLAN.json|-]

Says who gains and who loses what when a plan is applied: for each user of lakeFS
and each source or member of a CDF group the permissions gained and lost, by which
policies and groups, and what of it is a risk. It reads the JSON of a plan:

  terraform plan -out plan.tfplan
  terraform show -json plan.tfplan | ` + program + ` access-diff

Exit codes: 0 when all went well, 1 for an error, 2 when --fail-on found a risk.

Flags:
`

// formats are the forms of the output.
var formats = map[string]func(to io.Writer, reports []accessdiff.Report, style style) error{
	"text":     accessText,
	"markdown": accessMarkdown,
	"json":     accessJSON,
}

// style says how the text looks.
type style struct {
	colour bool
}

// accessDiffFlags are the flags of the access-diff subcommand.
type accessDiffFlags struct {
	format string
	live   bool
	failOn []string
	input  string
}

// AccessDiff runs the access-diff subcommand and returns the exit code.
func AccessDiff(ctx context.Context, p Process, args []string) int {
	flags, err := parseAccessDiff(args, p.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return complain(p.Stderr, exitFailed, fmt.Errorf("%w (see access-diff -h)", err))
	}
	reports, err := flags.reports(ctx, p)
	if err != nil {
		return complain(p.Stderr, exitFailed, fmt.Errorf("access-diff: %w", err))
	}
	if err := formats[flags.format](p.Stdout, reports, style{colour: hasColour(p)}); err != nil {
		return complain(p.Stderr, exitFailed, fmt.Errorf("access-diff: writing the report: %w", err))
	}
	if found := flags.found(reports); len(found) > 0 {
		return complain(p.Stderr, exitRisk, fmt.Errorf("access-diff: --fail-on found %s", strings.Join(found, ", ")))
	}
	return exitOK
}

// parseAccessDiff reads the flags; help goes to stdout.
func parseAccessDiff(args []string, stdout io.Writer) (accessDiffFlags, error) {
	f := accessDiffFlags{input: "-"}
	set := flag.NewFlagSet("access-diff", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {} // It would also be printed for every error.
	set.StringVar(&f.format, "format", "text", "`form` of the output: text, markdown for a comment on a pull request, or json. Example: --format markdown")
	set.BoolVar(&f.live, "live", false, "read from the servers, by the provider's environment variables, what Terraform does not manage; nothing is written")
	set.Func("fail-on", "`rules`, separated by commas, of which a finding makes the exit code 2: "+strings.Join(ruleNames(), ", ")+". Example: --fail-on escalation,last-administrator", func(names string) error {
		for name := range strings.SplitSeq(names, ",") {
			if !slices.Contains(ruleNames(), name) {
				return fmt.Errorf("%q is no rule: use %s", name, strings.Join(ruleNames(), ", "))
			}
			f.failOn = append(f.failOn, name)
		}
		return nil
	})
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		show(stdout, accessDiffIntro+flagHelp(set))
	}
	if err != nil {
		return f, fmt.Errorf("access-diff: %w", err)
	}
	if formats[f.format] == nil {
		return f, fmt.Errorf("access-diff: format is %q: use text, markdown or json", f.format)
	}
	switch set.NArg() {
	case 0:
	case 1:
		f.input = set.Arg(0)
	default:
		return f, fmt.Errorf("access-diff takes one plan, not %d; flags come before it", set.NArg())
	}
	return f, nil
}

func ruleNames() (names []string) {
	for _, rule := range accessdiff.Rules() {
		names = append(names, rule.Name)
	}
	return names
}

// reports compares the worlds before and after the plan for each server.
func (f accessDiffFlags) reports(ctx context.Context, p Process) ([]accessdiff.Report, error) {
	plan, err := f.plan(p.Stdin)
	if err != nil {
		return nil, err
	}
	var live map[string]planjson.Live
	if f.live {
		if live, err = readLive(ctx, p, plan); err != nil {
			return nil, err
		}
	}
	changes := plan.Changes(live)
	reports := make([]accessdiff.Report, len(changes))
	for i, change := range changes {
		reports[i] = accessdiff.Compare(change)
	}
	return reports, nil
}

func (f accessDiffFlags) plan(stdin io.Reader) (*planjson.Plan, error) {
	if f.input == "-" {
		return planjson.Read(stdin)
	}
	file, err := os.Open(f.input)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	plan, err := planjson.Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.input, err)
	}
	return plan, nil
}

// found names the rules of --fail-on that have findings, certain or not.
func (f accessDiffFlags) found(reports []accessdiff.Report) (found []string) {
	for _, name := range f.failOn {
		for _, report := range reports {
			if slices.ContainsFunc(report.Risks, func(r accessdiff.Risk) bool { return r.Rule == name }) && !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	return found
}

// hasColour reports whether the output is a terminal that shows colours (https://no-color.org).
func hasColour(p Process) bool {
	file, ok := p.Stdout.(*os.File)
	if !ok || p.Getenv("NO_COLOR") != "" || p.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
