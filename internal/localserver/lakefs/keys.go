// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
)

const (
	keyPrefix   = "AKIAJ"
	keyLength   = 20
	secretBytes = 30
	keyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// newAccessKeyID makes an id as lakeFS does: AKIAJ and 15 more characters.
func newAccessKeyID() string {
	id := []byte(keyPrefix)
	for _, b := range randomBytes(keyLength - len(keyPrefix)) {
		id = append(id, keyAlphabet[int(b)%len(keyAlphabet)])
	}
	return string(id)
}

// newSecretAccessKey makes a secret of 40 characters, which may hold / and +.
func newSecretAccessKey() string {
	return base64.StdEncoding.EncodeToString(randomBytes(secretBytes))
}

// newUUID makes a random UUID (version 4): request ids, token ids and the ids of
// groups when the server chooses them.
func newUUID() string {
	b := randomBytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	text := hex.EncodeToString(b)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	// Read of crypto/rand never fails: it ends the program instead.
	_, _ = rand.Read(b)
	return b
}
