// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

const secretBytes = 30

// newSecret makes the secret of a client or the nonce of a session.
func newSecret() string {
	return base64.RawURLEncoding.EncodeToString(randomBytes(secretBytes))
}

// newUUID makes a random UUID (version 4): the ids of requests, of tokens and of
// the administrator.
func newUUID() string {
	b := randomBytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	text := hex.EncodeToString(b)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// idStep is the largest distance of two ids in a row.
const idStep = 1 << 20

// firstID begins the ids of a server. They have 16 digits and grow with time, as
// far apart as the real ones, so that nobody counts on their next value; all of
// them fit into the 53 bits that JavaScript leaves them.
const firstID = 4_000_000_000_000_000

func newIDStep() int64 {
	return 1 + int64(binary.BigEndian.Uint32(randomBytes(4))%idStep)
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	// Read of crypto/rand never fails: it ends the program instead.
	_, _ = rand.Read(b)
	return b
}
