// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"regexp"
	"slices"
	"strings"
)

const (
	invalidResource  = "Invalid resource"
	doubtfulResource = "Doubtful resource"
)

// arn is a resource pattern split as lakeFS splits it: at the first five colons.
type arn struct {
	partition, service, region, account, resource string
}

// splitARN reports false where lakeFS refuses to store the text: without the
// prefix "arn:" and without at least five colons.
func splitARN(text string) (arn, bool) {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return arn{}, false
	}
	return arn{parts[1], parts[2], parts[3], parts[4], parts[5]}, true
}

// ValidateResource returns what is wrong or doubtful about a resource pattern: "*",
// or arn:lakefs:SERVICE:::RESOURCE with wildcards in RESOURCE only.
func ValidateResource(resource string) []Finding {
	if resource == "*" {
		return nil
	}
	if isResourceList(resource) {
		return []Finding{errorf(invalidResource,
			"The resource %q starts with [ and ends with ], so lakeFS reads it as a JSON list of resources. "+
				"Write each resource as an element of its own.", resource)}
	}
	parts, ok := splitARN(resource)
	if !ok {
		return []Finding{errorf(invalidResource,
			"The resource %q is neither \"*\" nor of the form arn:lakefs:SERVICE:::RESOURCE with five colons: lakeFS refuses it. "+
				"Write for example \"arn:lakefs:fs:::repository/main/*\".", resource)}
	}
	findings := validateARN(resource, parts)
	if strings.TrimSpace(resource) != resource {
		findings = append(findings, warningf(doubtfulResource,
			"The resource %q ends with white space, which is compared like any other character. Remove it unless the name really ends so.", resource))
	}
	for _, variable := range variables.FindAllString(parts.resource, -1) {
		if variable != "${user}" {
			findings = append(findings, warningf(doubtfulResource,
				"The resource %q holds %q, which lakeFS compares as plain text: the only variable it replaces is \"${user}\", spelt exactly so.",
				resource, variable))
		}
	}
	return findings
}

// variables finds what looks like a variable, a doubled dollar sign included: that
// is Terraform's escape, which has no place in a JSON document.
var variables = regexp.MustCompile(`\$*\$\{[^}]*\}`)

// validateARN judges the parts of an ARN that lakeFS stores without a look at them.
func validateARN(resource string, parts arn) []Finding {
	var findings []Finding
	never := func(detail string, args ...any) {
		findings = append(findings, errorf(invalidResource, "The resource %q never matches: "+detail, append([]any{resource}, args...)...))
	}
	if parts.partition != "lakefs" {
		never("its partition is %q, while every resource of lakeFS starts with \"arn:lakefs:\". Write \"lakefs\" there.", parts.partition)
	}
	switch {
	case parts.service == "":
		never("it names no service. Write one of %s after \"arn:lakefs:\".", strings.Join(resourceServices, ", "))
	case strings.ContainsAny(parts.service, "*?"):
		never("lakeFS compares the service literally, so the wildcard in %q stands for nothing but itself. "+
			"Write one resource per service, or \"*\" alone for everything.", parts.service)
	case !slices.Contains(resourceServices, parts.service):
		near, ok := nearest(parts.service, resourceServices)
		findings = append(findings, warningf(doubtfulResource,
			"The resource %q has the service %q, which no request known here has: those are %s, also for the actions of other services. "+
				"It is passed on as it is, since the server may be newer.%s",
			resource, parts.service, strings.Join(resourceServices, ", "), suggestion(near, ok)))
	}
	if parts.region != "" {
		findings = append(findings, warningf(doubtfulResource,
			"The resource %q has the region %q, which lakeFS ignores: the statement applies whatever stands there. Leave the region empty.",
			resource, parts.region))
	}
	if parts.account != "" {
		never("its account is %q, while that of a request is always empty, and a wildcard does not help. Leave the account empty.", parts.account)
		findings[len(findings)-1].Foreign = true
	}
	if parts.resource == "" {
		never("nothing follows the fifth colon. Write \"*\" there for every resource of the service.")
	}
	return findings
}
