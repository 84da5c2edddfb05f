// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// leftOpen are the ephemeral objects that were opened and not closed yet. Terraform and
// OpenTofu close none of which a user failed, be it a resource, a data source or another
// provider (measured with 1.11, 1.15 and 1.12): they just end the provider's process.
type leftOpen struct {
	mu     sync.Mutex
	last   int
	closes map[string]func(context.Context)
}

// openedNumber is where the number of an opened object is remembered.
const openedNumber = "opened"

// note notes how to close an object, and answers the number to [leftOpen.forget] it by.
func (l *leftOpen) note(closes func(context.Context)) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	if l.closes == nil {
		l.closes = map[string]func(context.Context){}
	}
	number := strconv.Itoa(l.last)
	l.closes[number] = closes
	return number
}

// forget is for an object that Terraform closes itself.
func (l *leftOpen) forget(number string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.closes, number)
}

// CloseLeftOpen closes the ephemeral objects that Terraform has left open, all at once. It is
// for the end of the process, when there is nobody left to tell what could not be closed.
func (c *Connections) CloseLeftOpen(ctx context.Context) {
	c.leftOpen.mu.Lock()
	left := slices.Collect(maps.Values(c.leftOpen.closes))
	c.leftOpen.closes = nil
	c.leftOpen.mu.Unlock()
	var all sync.WaitGroup
	for _, closes := range left {
		all.Go(func() { closes(ctx) })
	}
	all.Wait()
}

// noting is a memory that also notes what is remembered in it.
type noting struct {
	memory
	noted map[string][]byte
}

func (n noting) SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics {
	n.noted[key] = value
	return n.memory.SetKey(ctx, key, value)
}

// noted is a memory of what was noted.
type noted map[string][]byte

func (n noted) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) { return n[key], nil }

func (n noted) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	n[key] = value
	return nil
}

// leave notes an opened object, to be closed at the end of the process if Terraform does not.
func (e *opened[API, Model]) leave(ctx context.Context, session *Session[API], remembered noted) {
	if e.Ephemeral.Close == nil {
		return
	}
	number := e.connections.leftOpen.note(func(ctx context.Context) {
		// Nobody is left who could be told of an error.
		_ = e.Ephemeral.Close(ctx, &Session[API]{API: session.API, memory: remembered})
	})
	session.Remember(ctx, openedNumber, json.RawMessage(number))
}
