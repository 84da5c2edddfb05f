// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// Transcripts recorded from real servers elsewhere can be replayed with
//
//	go test -run TestTranscripts -args -transcript FILE -dialect 1.84
var (
	transcriptFlag = flag.String("transcript", "", "replay this `file` instead of those in testdata")
	dialectFlag    = flag.String("dialect", "", "the `version` that -transcript was recorded from; default: by the file's name")
)

// transcriptSteps is how many steps each transcript in testdata has, so that
// none can get lost unseen.
const transcriptSteps = 747

// TestTranscripts replays what real servers were seen to answer, once as a
// whole and once each scenario alone on a fresh server.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/transcripts/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	if *transcriptFlag != "" {
		files = []string{*transcriptFlag}
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			scenarios := readTranscript(t, file)
			if steps := countSteps(scenarios); *transcriptFlag == "" && steps != transcriptSteps {
				t.Errorf("%d steps, want %d", steps, transcriptSteps)
			}
			options := localserver.Options{Dialect: dialectOf(file)}
			t.Run("whole", func(t *testing.T) {
				t.Parallel()
				replayer := newReplayer(t, options)
				for _, scenario := range scenarios {
					replayer.play(t, scenario)
				}
			})
			t.Run("alone", func(t *testing.T) {
				t.Parallel()
				for _, scenario := range scenarios {
					t.Run(scenario.name, func(t *testing.T) {
						t.Parallel()
						newReplayer(t, options).play(t, scenario)
					})
				}
			})
		})
	}
}

func dialectOf(file string) string {
	switch {
	case *dialectFlag != "":
		return *dialectFlag
	case strings.Contains(filepath.Base(file), "0.97"):
		return "0.97"
	}
	return "1.84"
}

func countSteps(scenarios []scenario) int {
	steps := 0
	for _, s := range scenarios {
		steps += len(s.steps)
	}
	return steps
}
