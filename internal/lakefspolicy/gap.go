// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"fmt"
	"slices"
	"strings"
)

// Gap is what statements lack of desired permissions, and what would grant it.
type Gap struct {
	// Missing is as MissingKnown gives it, with a reason also where something is allowed under a condition
	// only, or denied.
	Missing []MissingPermission
	// Addition is what to allow besides, in canonical form.
	Addition []Statement
	// Blocked is how many of the missing permissions stay so with the addition, as something
	// else denies them, or may.
	Blocked int
}

// FindGap compares as MissingKnown does, for desired statements that allow without a condition.
func FindGap(existing, desired []Statement, user string) Gap {
	gap := Gap{Missing: MissingKnown(existing, desired, user)}
	if len(gap.Missing) == 0 {
		return gap
	}
	gap.Addition = Normalize(allowing(MissingKnown(allowedForSure(existing), desired, user)))
	blocked := byLine(MissingKnown(slices.Concat(existing, gap.Addition), desired, user))
	gap.Blocked = len(blocked)
	relaxed := byLine(MissingKnown(withoutConditions(existing), desired, user))
	for i := range gap.Missing {
		m := &gap.Missing[i]
		switch {
		case m.Reason != "":
		case blocked[m.String()]:
			m.Reason = whyDenied(existing, *m, user)
		case !relaxed[m.String()]:
			m.Reason = whyConditional(existing, *m, user)
		}
	}
	return gap
}

func allowing(missing []MissingPermission) []Statement {
	statements := make([]Statement, len(missing))
	for i, m := range missing {
		statements[i] = Statement{Effect: EffectAllow, Actions: []string{m.Action}, Resources: []string{m.Resource}}
	}
	return statements
}

// allowedForSure gives the statements that allow whatever the circumstances.
func allowedForSure(statements []Statement) []Statement {
	return slices.DeleteFunc(slices.Clone(statements), func(s Statement) bool {
		condition := readCondition(s.Condition)
		return s.Effect == EffectDeny || condition.text != "" || condition.fails || slices.Contains(s.Resources, "")
	})
}

// withoutConditions takes for granted that what is allowed under a condition is allowed.
func withoutConditions(statements []Statement) []Statement {
	relaxed := slices.Clone(statements)
	for i := range relaxed {
		if relaxed[i].Effect != EffectDeny && !readCondition(relaxed[i].Condition).never {
			relaxed[i].Condition = nil
		}
	}
	return relaxed
}

func byLine(missing []MissingPermission) map[string]bool {
	lines := make(map[string]bool, len(missing))
	for _, m := range missing {
		lines[m.String()] = true
	}
	return lines
}

// about tells what statements that may be about a permission say, sorted, each once.
func about(statements []Statement, m MissingPermission, user string, say func(s *Statement, action string, resource *resourcePattern) string) []string {
	wanted := parsePattern(m.Resource, user)
	var said []string
	for i := range statements {
		s := &statements[i]
		for _, resource := range s.Resources {
			if pattern := parsePattern(resource, user); pattern.touches(&wanted) {
				for _, action := range s.Actions {
					if text := say(s, action, &pattern); text != "" && matchGlob(action, m.Action) {
						said = append(said, text)
					}
				}
			}
		}
	}
	slices.Sort(said)
	return slices.Compact(said)
}

// whyConditional names the conditions under which a permission is allowed.
func whyConditional(existing []Statement, m MissingPermission, user string) string {
	conditions := about(existing, m, user, func(s *Statement, _ string, _ *resourcePattern) string {
		if condition := readCondition(s.Condition); s.Effect != EffectDeny && !condition.never {
			return condition.text
		}
		return ""
	})
	if len(conditions) == 0 {
		return "it is allowed only under conditions"
	}
	return "it is allowed only if " + strings.Join(conditions, ", or if ")
}

// whyDenied names the statements that deny a permission.
func whyDenied(existing []Statement, m MissingPermission, user string) string {
	denials := about(existing, m, user, func(s *Statement, action string, resource *resourcePattern) string {
		if s.Effect != EffectDeny || readCondition(s.Condition).text != "" {
			return ""
		}
		return fmt.Sprintf("%s on %s", action, resource.text)
	})
	if len(denials) > 0 {
		return "a statement denies " + strings.Join(denials, ", another one ")
	}
	for _, s := range existing {
		switch condition := readCondition(s.Condition); {
		case condition.fails:
			return "lakeFS denies every request, since it cannot evaluate the condition " + condition.text + " of a statement"
		case slices.Contains(s.Resources, ""):
			return "lakeFS denies every request, since it cannot read the resource of a statement"
		}
	}
	denials = about(existing, m, user, func(s *Statement, action string, resource *resourcePattern) string {
		if s.Effect != EffectDeny {
			return ""
		}
		return fmt.Sprintf("%s on %s if %s", action, resource.text, readCondition(s.Condition).text)
	})
	return "a statement denies " + strings.Join(denials, ", another one ")
}
