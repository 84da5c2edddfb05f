// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
)

// The width of a text, and what is left out of it; the JSON has it all.
const (
	textWidth   = 100
	maxSubjects = 12
	maxChanges  = 3
)

// The colours of a terminal.
const (
	green  = "\x1b[32m"
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	bold   = "\x1b[1m"
	plain  = "\x1b[0m"
)

// page writes a text of a certain width.
type page struct {
	style
	text strings.Builder
}

// line ends with a new line; empty ones part the text.
func (p *page) line(text string) { fmt.Fprintln(&p.text, text) }

// printable replaces what could rewrite a terminal, in names that others have chosen.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != ' ' && !strconv.IsPrint(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}

func (p *page) paint(colour, text string) string {
	if !p.colour {
		return text
	}
	return colour + text + plain
}

// write wraps a text between spaces. Words that are longer than a line stay whole, so that
// they can be copied.
func (p *page) write(indent int, mark, colour, text string) {
	first := strings.Repeat(" ", indent) + mark
	rest := strings.Repeat(" ", indent+utf8.RuneCountInString(mark))
	line, length := first, utf8.RuneCountInString(first)
	empty := true
	for word := range strings.FieldsSeq(printable(text)) {
		size := utf8.RuneCountInString(word)
		if !empty && length+1+size > textWidth {
			p.line(p.paint(colour, line))
			line, length, empty = rest, utf8.RuneCountInString(rest), true
		}
		if !empty {
			line, length = line+" ", length+1
		}
		line, length, empty = line+word, length+size, false
	}
	p.line(p.paint(colour, line))
}

// accessText writes reports for a terminal.
func accessText(to io.Writer, reports []accessdiff.Report, style style) error {
	p := &page{style: style}
	for i, report := range reports {
		if i > 0 {
			p.line("")
		}
		if len(reports) > 1 {
			p.write(0, "", bold, "Provider configuration "+report.Server)
			p.line("")
		}
		p.report(report)
	}
	_, err := io.WriteString(to, p.text.String())
	return err
}

func (p *page) report(report accessdiff.Report) {
	p.write(0, "", bold, headline(report))
	for _, change := range report.Principals {
		p.line("")
		p.write(0, "", bold, subjectsText(change))
		for _, part := range foldLines(change.Gained, "+") {
			p.fold(part, green)
		}
		for _, part := range foldLines(change.Lost, "-") {
			p.fold(part, red)
		}
		for _, note := range change.Notes {
			p.write(2, "? ", yellow, note)
		}
	}
	p.keys(report.Keys)
	if len(report.Risks) > 0 {
		p.line("")
		p.write(0, "", bold, "Risks")
		for _, risk := range report.Risks {
			p.write(2, "! ", yellow, riskText(risk))
		}
	}
	if notes := notesOf(report); len(notes) > 0 {
		p.line("")
		for _, note := range notes {
			p.write(0, "", "", note)
		}
	}
}

func (p *page) keys(keys []accessdiff.KeyChange) {
	if len(keys) == 0 {
		return
	}
	p.line("")
	p.write(0, "", bold, "Keys")
	for _, k := range keys {
		p.write(2, "~ ", "", keyText(k))
	}
}

func keyText(k accessdiff.KeyChange) string {
	text := fmt.Sprintf("%s: %d made, %d deleted", k.User, k.Made, k.Deleted)
	if len(k.Addresses) > 0 {
		text += " (" + limited(k.Addresses, maxChanges) + ")"
	}
	return text
}

func riskText(risk accessdiff.Risk) string {
	rule := risk.Rule
	if !risk.Certain {
		rule += " (possible)"
	}
	return rule + ": " + limited(risk.About, maxSubjects) + " " + risk.Detail
}

// headline sums a report up.
func headline(report accessdiff.Report) string {
	var gain, lose int
	for _, change := range report.Principals {
		if len(change.Gained) > 0 {
			gain += len(change.Subjects)
		}
		if len(change.Lost) > 0 {
			lose += len(change.Subjects)
		}
	}
	if gain+lose == 0 {
		if len(report.Principals) > 0 {
			return "Whether the access of somebody changes cannot be told."
		}
		return "The plan changes nobody's access."
	}
	return fmt.Sprintf("The plan changes who may do what: access is gained by %s and lost by %s.", counted(gain), counted(lose))
}

func counted(n int) string {
	if n == 1 {
		return "1 principal"
	}
	return fmt.Sprintf("%d principals", n)
}

// notesOf are the notes of a report, and how complete its picture is.
func notesOf(report accessdiff.Report) []string {
	notes := slices.Clone(report.Notes)
	if !report.Complete {
		notes = append(notes, "This counts only what the plan manages. What users and groups have beside it is read with --live.")
	}
	return notes
}

func subjectsText(change accessdiff.PrincipalChange) string {
	names := make([]string, len(change.Subjects))
	for i, subject := range change.Subjects {
		names[i] = subject.String()
	}
	text := limited(names, maxSubjects)
	if change.Existence != "" {
		text += " (" + change.Existence + ")"
	}
	return text
}

// limited lists texts, the first of them if they are many.
func limited(texts []string, most int) string {
	if len(texts) <= most {
		return strings.Join(texts, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(texts[:most], ", "), len(texts)-most)
}

// folded is lines that differ in their action and resource only: each action on each resource.
type folded struct {
	accessdiff.Line
	sign               string
	actions, resources []string
}

// anyOther marks an action that stands for names that are not known.
const anyOther = "(any other action)"

// foldLines puts lines together that differ in their action only, and then those that differ
// in their resource only.
func foldLines(lines []accessdiff.Line, sign string) []*folded {
	list := make([]*folded, len(lines))
	for i, l := range lines {
		list[i] = &folded{Line: l, sign: sign, actions: []string{l.Action}, resources: []string{l.Resource}}
	}
	list = foldBy(list, func(f *folded) []string { return f.resources }, func(into, f *folded) {
		if strings.Contains(into.Action, anyOther) { // an action that exists is the better example
			into.Action, into.Witness = f.Action, f.Witness
		}
		into.actions = append(into.actions, f.actions...)
	})
	list = foldBy(list, func(f *folded) []string { return f.actions }, func(into, f *folded) { into.resources = append(into.resources, f.resources...) })
	slices.SortStableFunc(list, func(a, b *folded) int {
		return cmp.Or(-compareBools(a.Certain, b.Certain), slices.Compare(a.resources, b.resources))
	})
	return list
}

// foldBy joins those that are equal but for one thing.
func foldBy(list []*folded, same func(*folded) []string, join func(into, f *folded)) (joined []*folded) {
	byKey := map[string]*folded{}
	for _, f := range list {
		key := fmt.Sprintf("%q %q %q %q %q %t", same(f), f.Except, f.Condition, pathTexts(f.Through), pathTexts(f.Denied), f.Certain)
		if into := byKey[key]; into != nil {
			join(into, f)
			continue
		}
		byKey[key] = f
		joined = append(joined, f)
	}
	return joined
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func pathTexts(paths []accessdiff.Path) (texts []string) {
	for _, path := range paths {
		texts = append(texts, path.String())
	}
	return texts
}

// text is what is gained or lost, without the paths.
func (f *folded) text() string {
	preposition := " on "
	if f.Witness == nil {
		preposition = " in "
	}
	text := strings.Join(f.actions, ", ") + preposition + strings.Join(f.resources, ", ")
	if len(f.Except) > 0 {
		text += " except " + strings.Join(f.Except, ", ")
	}
	if f.Condition != "" {
		text += " if " + f.Condition
	}
	if !f.Certain {
		text = "possibly " + text
	}
	return text
}

func (p *page) fold(f *folded, colour string) {
	p.write(2, f.sign+" ", colour, f.text())
	for _, text := range f.causes() {
		p.write(6, "", "", text)
	}
}

// causes says how the lines come about.
func (f *folded) causes() (texts []string) {
	for _, path := range f.Through {
		texts = append(texts, "through "+path.String()+changesText(path))
	}
	for _, path := range f.Denied {
		if f.sign == "+" {
			texts = append(texts, "no longer denied by "+path.String()+changesText(path))
		} else {
			texts = append(texts, "from now on denied by "+path.String()+changesText(path))
		}
	}
	if f.Witness != nil {
		texts = append(texts, fmt.Sprintf("for example %s as %s: %s", f.Witness.Action, f.Witness.User, f.Witness.Resource))
	}
	return texts
}

func changesText(path accessdiff.Path) string {
	if len(path.Changes) == 0 {
		return ""
	}
	return "; " + limited(path.Changes, maxChanges)
}
