// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package pgp_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/pgp"
)

// serialized is a key or several without armor.
func serialized(t *testing.T, write ...func(io.Writer) error) []byte {
	t.Helper()
	var binary bytes.Buffer
	for _, write := range write {
		must(t, write(&binary))
	}
	return binary.Bytes()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func inBase64(binary []byte) string { return base64.StdEncoding.EncodeToString(binary) }

// rsa makes the key one of RSA, with which many still work.
func rsa(config *packet.Config) { config.Algorithm, config.RSABits = packet.PubKeyAlgoRSA, 2048 }

// A secret comes out of its message for whoever has the key, however the key is written.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]func(*packet.Config){
		"curves": nil, "RSA": {rsa}, "version 6": {func(c *packet.Config) { c.V6Keys, c.Algorithm = true, packet.PubKeyAlgoEd25519 }},
	} {
		key := acctest.NewPGPKey(t, options...)
		armored, binary := key.Public(t), serialized(t, key.Entity.Serialize)
		for spelling, text := range map[string]string{
			"armored": armored, "armored, indented": strings.ReplaceAll("\n"+armored, "\n", "\r\n"), "after a comment": "The key of Ops:\n" + armored,
			"base64": inBase64(binary), "base64 in lines": inBase64(binary[:30]) + "\n  " + inBase64(binary[30:]) + "\n", "armored, in base64": inBase64([]byte(armored)),
		} {
			parsed, err := pgp.Parse(text)
			if err != nil {
				t.Errorf("%s, %s: %v", name, spelling, err)
				continue
			}
			message, err := parsed.Begin(time.Now())
			must(t, err)
			encrypted, err := message.Seal("wJalrXUt/nFEMI")
			must(t, err)
			if got := key.Decrypt(t, encrypted); got != "wJalrXUt/nFEMI" || strings.Contains(encrypted, got) {
				t.Errorf("%s, %s: decrypted as %q", name, spelling, got)
			}
			if want := strings.ToLower(parsed.Fingerprint()); want != parsed.Fingerprint() || len(want) < 40 {
				t.Errorf("%s: the fingerprint is %q", name, parsed.Fingerprint())
			}
		}
	}
}

// Two messages with one secret differ: nobody learns from a state that it is the same.
func TestMessagesDiffer(t *testing.T) {
	t.Parallel()
	key, err := pgp.Parse(acctest.NewPGPKey(t).Public(t))
	must(t, err)
	var sealed [2]string
	for i := range sealed {
		message, err := key.Begin(time.Now())
		must(t, err)
		sealed[i], err = message.Seal("same")
		must(t, err)
	}
	if sealed[0] == sealed[1] {
		t.Error("two messages are the same")
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	key, other := acctest.NewPGPKey(t), acctest.NewPGPKey(t)
	signing := acctest.NewPGPKey(t)
	signing.Entity.Subkeys = nil
	private := func(w io.Writer) error { return key.Entity.SerializePrivateWithoutSigning(w, nil) }
	armored, binary := key.Public(t), serialized(t, key.Entity.Serialize)
	for name, test := range map[string]struct{ text, want string }{
		"empty":                   {"", "it is empty"},
		"blank":                   {" \n", "it is empty"},
		"keybase":                 {"keybase:somebody", "which the provider does not do"},
		"prose":                   {"my key!", "it is neither an armored PGP key"},
		"base64 of anything":      {inBase64([]byte("anything")), "it cannot be read as a PGP key"},
		"base64 of nothing":       {"====", "it is neither an armored PGP key"},
		"cut off":                 {inBase64(binary[:len(binary)/2]), "it cannot be read as a PGP key"},
		"armor cut off":           {armored[:len(armored)/2], "its armor cannot be read to the end"},
		"armor without a body":    {"-----BEGIN PGP PUBLIC KEY BLOCK-----", "its armor cannot be read"},
		"another armored text":    {strings.ReplaceAll(armored, "PUBLIC KEY BLOCK", "MESSAGE"), "it is no PGP PUBLIC KEY BLOCK, but another armored text"},
		"private":                 {key.Private(t), pgp.ErrPrivate.Error()},
		"private, as public":      {strings.ReplaceAll(key.Private(t), "PRIVATE", "PUBLIC"), pgp.ErrPrivate.Error()},
		"private, in base64":      {inBase64(serialized(t, private)), pgp.ErrPrivate.Error()},
		"private armor in base64": {inBase64([]byte(key.Private(t))), pgp.ErrPrivate.Error()},
		"private of SSH":          {"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", pgp.ErrPrivate.Error()},
		"two keys":                {inBase64(serialized(t, key.Entity.Serialize, other.Entity.Serialize)), "it holds 2 keys"},
		"a private one behind":    {inBase64(serialized(t, other.Entity.Serialize, private)), pgp.ErrPrivate.Error()},
		"only signs":              {signing.Public(t), "it has no subkey for encryption"},
	} {
		parsed, err := pgp.Parse(test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v and error %v, want %q", name, parsed, err, test.want)
			continue
		}
		for line := range strings.Lines(test.text) {
			if line = strings.TrimSpace(line); len(line) > 40 && strings.Contains(err.Error(), line) {
				t.Errorf("%s: the error quotes the key: %v", name, err)
			}
		}
	}
}

// A key that has expired, or is revoked, is still read: what it encrypted stays.
func TestCheck(t *testing.T) {
	t.Parallel()
	revoked, subkeyRevoked := acctest.NewPGPKey(t), acctest.NewPGPKey(t)
	must(t, revoked.Entity.RevokeKey(packet.NoReason, "", nil))
	must(t, subkeyRevoked.Entity.RevokeSubkey(&subkeyRevoked.Entity.Subkeys[0], packet.NoReason, "", nil))
	for name, test := range map[string]struct {
		key  acctest.PGPKey
		at   time.Time
		want string
	}{
		"valid":          {acctest.NewPGPKey(t), time.Now(), ""},
		"not yet":        {acctest.ExpiredPGPKey(t), time.Now().AddDate(-1, 0, 0).Add(time.Hour), ""},
		"expired":        {acctest.ExpiredPGPKey(t), time.Now(), "has expired"},
		"of the future":  {acctest.NewPGPKey(t), time.Now().AddDate(-2, 0, 0), "begins later"},
		"revoked":        {revoked, time.Now().Add(time.Second), "is revoked"},
		"subkey revoked": {subkeyRevoked, time.Now().Add(time.Second), "no part of the PGP key"},
	} {
		parsed, err := pgp.Parse(test.key.Public(t))
		must(t, err)
		_, beginErr := parsed.Begin(test.at)
		for step, err := range map[string]error{"check": parsed.Check(test.at), "begin": beginErr} {
			if (err == nil) != (test.want == "") || err != nil && (!strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), parsed.Fingerprint())) {
				t.Errorf("%s: %s: got %v, want %q with the fingerprint", name, step, err, test.want)
			}
		}
	}
}

func TestSameRecipient(t *testing.T) {
	t.Parallel()
	key := acctest.NewPGPKey(t)
	parse := func(text string) *pgp.Key {
		parsed, err := pgp.Parse(text)
		must(t, err)
		return parsed
	}
	first := parse(key.Public(t))
	must(t, key.Entity.AddUserId("Operations", "", "operations@example.com", nil))
	if !first.SameRecipient(parse(inBase64(serialized(t, key.Entity.Serialize)))) {
		t.Error("the same key with one more name counts as another")
	}
	must(t, key.Entity.AddEncryptionSubkey(&packet.Config{Algorithm: packet.PubKeyAlgoEdDSA}))
	if first.SameRecipient(parse(key.Public(t))) {
		t.Error("a key with one more subkey for encryption counts as the same")
	}
	if first.SameRecipient(parse(acctest.NewPGPKey(t).Public(t))) {
		t.Error("another key counts as the same")
	}
}

// A name whose signatures have been taken out but for a revocation, which the library
// does not expect, is an error and no crash.
func TestOddKeys(t *testing.T) {
	t.Parallel()
	for name, odd := range map[string]func(*openpgp.Entity){
		"no name": func(e *openpgp.Entity) { clear(e.Identities) },
		"a name without a signature": func(e *openpgp.Entity) {
			for _, identity := range e.Identities {
				identity.Signatures = nil
			}
		},
	} {
		key := acctest.NewPGPKey(t)
		odd(key.Entity)
		if parsed, err := pgp.Parse(key.Public(t)); err == nil {
			t.Errorf("%s: got %v, want an error", name, parsed)
		}
	}
}

// Whatever is given, there is an answer, and what passes can be looked at and encrypts or
// says why not.
func FuzzParse(f *testing.F) {
	entity, err := openpgp.NewEntity("Ops", "", "", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	var binary bytes.Buffer
	if err != nil || entity.Serialize(&binary) != nil {
		f.Fatal("no key can be made")
	}
	f.Add(binary.Bytes())
	f.Add(binary.Bytes()[:100])
	f.Add([]byte{0x98, 0x33, 0x04})
	f.Fuzz(func(t *testing.T, binary []byte) {
		key, err := pgp.Parse(inBase64(binary))
		if err != nil {
			return
		}
		now := time.Now()
		if message, err := key.Begin(now); err == nil {
			if _, err := message.Seal("secret"); err != nil {
				t.Errorf("a message was begun and cannot be sealed: %v", err)
			}
		}
	})
}
