// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// resourceOf names the Terraform type of each kind of object.
var resourceOf = map[string]string{
	"CDF group":         "iam_cdf_group",
	"security category": "iam_cdf_security_category",
}

// explain says what went wrong and what to do next.
func explain(err error) string {
	var (
		exists  *snapshot.ExistsError
		claimed *snapshot.ClaimedError
		lost    *snapshot.UnresolvedError
		unread  *snapshot.UnreadableError
		hidden  *snapshot.HiddenError
		blind   *snapshot.UnlistedError
		unseen  *unseenNamesakesError
		behind  *leftBehindError
		away    *entity.ElsewhereError
		running *snapshot.UnrevokedError
	)
	switch {
	case errors.As(err, &away):
		return fmt.Sprintf("it belongs to the project %q, but the provider is configured for the project %q. "+
			"Nothing was done. Configure the provider for %[1]q (project in its cdf block, or %[3]s). Another project needs a state of its own, or resource blocks of its own with a provider alias; "+
			"what is no longer to be managed here leaves the state with terraform state rm.", away.Lives, away.Configured, cdfapi.EnvProject)
	case errors.As(err, &behind):
		return entity.Sentence(behind.standing()) + " Why: " + explain(behind.err)
	case errors.As(err, &running):
		return explainUnrevoked(running)
	case errors.As(err, &exists):
		return fmt.Sprintf("%s An object that exists is never taken over silently. To manage it with Terraform, import it:\n\n"+
			"  import {\n    to = %s.NAME\n    id = %s\n  }\n\nwhere NAME is the name of your resource block. "+
			"But if Terraform is replacing this very object, it makes the new one first because of create_before_destroy, which also holds for everything "+
			"that a resource with it depends on. Take that rule out for this apply, or, if the object is only tainted, run terraform untaint.",
			entity.Sentence(exists.Error()), resourceOf[exists.Kind], entity.HCLString(exists.ID))
	case errors.As(err, &claimed):
		return entity.Sentence(claimed.Error()) + " Keep one of the two: they would undo each other."
	case errors.As(err, &lost):
		return entity.Sentence(lost.Error()) + " Check the project before you apply again; what exists by then is not taken over but can be imported."
	case errors.As(err, &unread):
		return entity.Sentence(unread.Error()) + " Check that the base URL is CDF itself. What exists by now is not taken over but can be imported or removed."
	case errors.As(err, &blind):
		return entity.Sentence(blind.Error()) + " " + needs(blind.Err)
	case errors.As(err, &hidden):
		return entity.Sentence(hidden.Error()) + " The state is left as it is. " + needs(hidden.Err)
	case errors.As(err, &unseen):
		return entity.Sentence(unseen.standing()) + " " + needs(unseen.err)
	case cdfapi.IsCredentialsRejected(err):
		return "CDF rejected the credentials. Check token, or client_id and client_secret, in the provider's cdf block or the environment, " +
			"that they are for this cluster and have not expired, and that the caller belongs to the project. Server answer: " + entity.Sentence(err.Error())
	case cdfapi.IsNotPermitted(err):
		return "not permitted. " + needs(err) + "\n\nServer answer: " + entity.Sentence(err.Error())
	}
	return entity.Sentence(err.Error())
}

// needs names the capabilities that the caller lacks for a refused operation, and
// what would grant them.
func needs(err error) string {
	operation := ""
	if failed, ok := errors.AsType[*httpapi.Error](err); ok {
		operation = failed.Operation
	}
	if partial, ok := errors.AsType[*snapshot.PartialListError](err); ok {
		operation = partial.Operation
	}
	required, known := cdfcapability.Required(operation)
	if !known || len(required) == 0 {
		return ""
	}
	var names []string
	capabilities := make([]cdfcapability.Capability, len(required))
	for i, permission := range required {
		names = append(names, permission.String())
		capabilities[i] = permission.Capability()
	}
	return fmt.Sprintf("The operation needs %s. Add this to a group of the caller:\n\n%s", strings.Join(names, " and "), indent(cdfcapability.HCL(cdfcapability.Merge(capabilities))))
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
}
