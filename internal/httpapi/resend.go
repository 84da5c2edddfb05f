// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"context"
	"errors"
)

// attemptsKey is where a context holds how often its request was sent before.
type attemptsKey struct{}

// attemptsBefore answers how often the request of a context was sent by earlier
// calls of Do.
func attemptsBefore(ctx context.Context) int {
	attempts, _ := ctx.Value(attemptsKey{}).(int)
	return attempts
}

// AwaitRetry waits until a request may be sent again that failed with err, for a
// caller that has found out what Do cannot know: that a create of unknown outcome
// was not carried out. It waits just as Do does between its own attempts. The
// context it answers is for that one call of Do only and carries the number of
// attempts, so that all of them together keep to MaxRetries and back off.
//
// When the request may not be sent again, the error is err, with what ended the
// wait: a context, or a Retry-After that is too long.
func (c *Client) AwaitRetry(ctx context.Context, err error) (context.Context, error) {
	failed, ok := errors.AsType[*Error](err)
	if !ok || failed.Attempts > c.config.Options.MaxRetries {
		return ctx, err
	}
	if ended := c.pause(ctx, failed); ended != nil {
		given := *failed
		given.Err = ended
		return ctx, &given
	}
	return context.WithValue(ctx, attemptsKey{}, failed.Attempts), nil
}
