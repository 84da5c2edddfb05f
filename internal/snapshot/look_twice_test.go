// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// badLooks are answers to a look that say nothing, and may be an accident.
var badLooks = map[string]happening{
	"not from the API": notFromTheAPI(true),
	"cut short":        cutInBody,
	"server error":     answer(http.StatusInternalServerError, "broken"),
}

// loseThen loses the answer to a write, and has the next look be answered badly.
func loseThen(n *network, look string, bad happening) happening {
	return func(r *http.Request, deliver func() *http.Response) (*http.Response, error) {
		n.breaks(fault{request: look, times: 1, happen: bad})
		return lose(true, context.DeadlineExceeded)(r, deliver)
	}
}

// One bad answer to the look after a lost write leaves nothing that nobody knows of.
func TestCreateWithLostAnswerAndABadLook(t *testing.T) {
	t.Parallel()
	for name, bad := range badLooks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forEachCreation(t, func(t *testing.T, c creation, w *world) {
				w.network.breaks(fault{request: c.write, times: 1, happen: loseThen(w.network, c.look, bad)})
				made, err := c.create(t.Context(), w.LakeFS)
				c.wantMade(t, w, made, err)
			})
			forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
				w.network.breaks(fault{request: c.write, times: 1, happen: loseThen(w.network, c.look, bad)})
				made, err := c.create(t.Context(), w.CDF)
				c.wantMade(t, w, made, err)
			})
		})
	}
}

// Nor does it hide a key whose secret is lost.
func TestCreateCredentialsWithLostAnswerAndABadLook(t *testing.T) {
	t.Parallel()
	for name, bad := range badLooks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newKeyWorld(t, localserver.Options{})
			before := len(w.keys(t))
			w.network.breaks(fault{request: createKey, times: 1, happen: loseThen(w.network, listKeys, bad)})
			created, orphans, err := w.CreateCredentials(t.Context(), "etl")
			if err != nil || created.SecretAccessKey == "" || len(orphans) != 1 || len(w.keys(t)) != before+2 {
				t.Errorf("%d keys, of which %v are named, and error %v; want two more, one of them named", len(w.keys(t)), orphans, err)
			}
		})
	}
}
