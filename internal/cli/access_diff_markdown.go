// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
)

// maxComment is how much a comment may hold, in bytes: GitHub takes 65,536 characters.
const maxComment = 60_000

// accessMarkdown writes reports for a comment on a pull request, a collapsed part for each
// principal.
func accessMarkdown(to io.Writer, reports []accessdiff.Report, _ style) error {
	var b strings.Builder
	left := 0
	for _, report := range reports {
		title := "### Access"
		if len(reports) > 1 {
			title += " (" + escaped(report.Server) + ")"
		}
		fmt.Fprintf(&b, "%s\n\n%s\n", title, escaped(headline(report)))
		if len(report.Risks) > 0 {
			b.WriteString("\n")
			for _, risk := range report.Risks {
				fmt.Fprintf(&b, "- :warning: %s\n", escaped(riskText(risk)))
			}
		}
		for _, change := range report.Principals {
			part := principalMarkdown(change)
			if b.Len()+len(part) > maxComment {
				left++
				continue
			}
			b.WriteString(part)
		}
		if len(report.Keys) > 0 {
			b.WriteString("\n")
			for _, k := range report.Keys {
				fmt.Fprintf(&b, "- :key: %s\n", escaped(keyText(k)))
			}
		}
		for _, note := range notesOf(report) {
			fmt.Fprintf(&b, "\n_%s_\n", escaped(note))
		}
		b.WriteString("\n")
	}
	if left > 0 {
		fmt.Fprintf(&b, "%d more parts are too long for a comment; `--format json` has them.\n", left)
	}
	_, err := io.WriteString(to, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

func principalMarkdown(change accessdiff.PrincipalChange) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n<details><summary><code>%s</code>: gains %d, loses %d</summary>\n\n", html.EscapeString(printable(subjectsText(change))), len(change.Gained), len(change.Lost))
	var lines strings.Builder
	for _, side := range [][]*folded{foldLines(change.Gained, "+"), foldLines(change.Lost, "-")} {
		for _, f := range side {
			fmt.Fprintf(&lines, "%s %s\n", f.sign, printable(f.text()))
			for _, cause := range f.causes() {
				fmt.Fprintf(&lines, "    %s\n", printable(cause))
			}
		}
	}
	if lines.Len() > 0 {
		fence := "```"
		for strings.Contains(lines.String(), fence) {
			fence += "`"
		}
		fmt.Fprintf(&b, "%sdiff\n%s%s\n", fence, lines.String(), fence)
	}
	for _, note := range change.Notes {
		fmt.Fprintf(&b, "\n- %s\n", escaped(note))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

// mention is an "@" that would call somebody; one within an address does not.
var mention = regexp.MustCompile(`(^|[^A-Za-z0-9._-])@`)

// markdownSigns are the characters that have a meaning in Markdown.
var markdownSigns = strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "|", "\\|", "~", "\\~", "#", "\\#", "\n", " ")

// escaped writes a text so that Markdown shows it as it is.
func escaped(text string) string {
	text = mention.ReplaceAllString(printable(text), "$1@\u200b") // sites look at what is shown, so that no escape would do
	return markdownSigns.Replace(html.EscapeString(text))
}
