// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"time"
)

// lakefsGrace is how long a request that makes something in lakeFS goes on when its command
// is cancelled. It is short: an object of lakeFS is found again by its id, unlike a key,
// whose secret is in that one answer, or an object of CDF, see cancelGrace.
const lakefsGrace = 1500 * time.Millisecond

// outlive returns a context for a write that, once begun, is not broken off with
// its command but only a while later.
func outlive(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return detached, func() { stop(); cancel() }
}

// begun has a request outlive its command by the writer's grace. One of a command that was
// cancelled before is not sent.
func begun[T any](w *writer, send func(context.Context) (T, error)) func(context.Context) (T, error) {
	return func(ctx context.Context) (T, error) {
		if w.grace == 0 || ctx.Err() != nil {
			return send(ctx)
		}
		ctx, cancel := outlive(ctx, w.grace)
		defer cancel()
		return send(ctx)
	}
}
