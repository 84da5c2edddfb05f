// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package examples_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// invocations say how each example of an action is invoked on a server that holds nothing, and
// what is told then.
var invocations = map[string]struct {
	action, dialect string
	variables       []string
	code            int
	says            string
}{
	"iam_cdf_revoke_sessions":    {"pipeline", "", nil, 0, "There are no sessions to revoke."},
	"iam_lakefs_forgot_password": {"ann", "0.97", nil, 0, `lakeFS was asked to mail a token to "ann@example.com".`},
	"iam_lakefs_update_password": {"ann", "0.97", []string{"TF_VAR_token=none", "TF_VAR_new_password=none"}, 1, "lakeFS does not accept the token"},
}

// TestActionExamples applies and invokes the examples of actions. A command line that has no
// actions has to refuse them.
func TestActionExamples(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Glob(filepath.Join(root, "actions", "*"))
	if err != nil || len(examples) != len(invocations) {
		t.Fatalf("looking for the examples: %v, found %d, want %d", err, len(examples), len(invocations))
	}
	for _, example := range examples {
		t.Run(name(example), func(t *testing.T) {
			t.Parallel()
			test, ok := invocations[filepath.Base(example)]
			if !ok {
				t.Fatal("nothing tells how it is invoked")
			}
			_, exported := serverAndExports(t, localserver.Options{Dialect: test.dialect})
			w := open(t, example, append(exported, test.variables...))
			if !w.hasActions(t) {
				if refused := w.run(t, 1, command, "validate"); !strings.Contains(refused, `Blocks of type "action" are not expected here`) {
					t.Errorf("a command line without actions says: %s", refused)
				}
				return
			}
			w.terraform(t, "apply", "-auto-approve")
			w.plan(t, planEmpty)
			output := w.run(t, test.code, command, "apply", "-auto-approve", fmt.Sprintf("-invoke=action.%s.%s", filepath.Base(example), test.action))
			if !strings.Contains(strings.Join(strings.Fields(output), " "), test.says) {
				t.Errorf("invoked, it does not say %q: %s", test.says, output)
			}
		})
	}
}

// hasActions tells whether the command line has actions and queries: Terraform has both since
// 1.14, OpenTofu neither.
func (w workspace) hasActions(t *testing.T) bool {
	t.Helper()
	return strings.Contains(w.terraform(t, "-help"), "\n  query ")
}
