// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"encoding/json"
	"fmt"
)

// placeKey is where an object remembers the place that it lives in, as a JSON string.
const placeKey = "place"

// ElsewhereError says that an object lives in another place than the provider is
// configured for: there its id means nothing, or another object.
type ElsewhereError struct {
	// Lives is the place of the object, Configured that of the provider.
	Lives, Configured string
}

// Error names both places.
func (e *ElsewhereError) Error() string {
	return fmt.Sprintf("it belongs to %q, but the provider is configured for %q", e.Lives, e.Configured)
}

// checkPlace refuses to look for an object in another place than it was last seen in:
// it would be taken for gone, and made there anew.
func (p Platform[API]) checkPlace(ctx context.Context, s *Session[API]) error {
	if p.Place == nil {
		return nil
	}
	kept := s.Recall(ctx, placeKey)
	if len(kept) == 0 {
		return nil // imported just now, or by a version that did not remember
	}
	var lives string
	if err := json.Unmarshal(kept, &lives); err != nil {
		return fmt.Errorf("where it lives cannot be read from its private state: %w", err)
	}
	if configured := p.Place(s.API); lives != configured {
		return &ElsewhereError{Lives: lives, Configured: configured}
	}
	return nil
}

// rememberPlace keeps where an object lives.
func (p Platform[API]) rememberPlace(ctx context.Context, s *Session[API]) {
	if p.Place == nil {
		return
	}
	place, _ := json.Marshal(p.Place(s.API)) // a string always has JSON
	s.Remember(ctx, placeKey, place)
}
