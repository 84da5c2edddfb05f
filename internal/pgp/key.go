// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package pgp encrypts secrets for the holder of a PGP key, so that a state can hold
// them without its readers knowing them.
package pgp

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// ErrPrivate says that a key is a private one, or holds one. Whoever shows it must
// not show the key.
var ErrPrivate = errors.New("it is a private key, which must stay with its owner. Give the public one, as gpg --armor --export writes it, " +
	"and consider the private key compromised if this configuration was stored anywhere")

// Key is a public key that can encrypt, or could before it expired.
type Key struct {
	entity *openpgp.Entity
}

// Parse reads one public key: armored, or in base64 as gpg --export | base64 writes
// it. It refuses what can never encrypt; whether it can today, [Key.Check] tells. Errors
// never quote the text, which may be a private key by mistake.
func Parse(text string) (*Key, error) {
	binary, err := decode(strings.TrimSpace(text))
	if err != nil {
		return nil, err
	}
	entities, err := readKeys(binary)
	if err != nil {
		return nil, fmt.Errorf("it cannot be read as a PGP key: %w", err)
	}
	if slices.ContainsFunc(entities, holdsPrivate) {
		return nil, ErrPrivate
	}
	if len(entities) != 1 {
		return nil, fmt.Errorf("it holds %d keys. Give one: gpg --armor --export with its fingerprint", len(entities))
	}
	if !everEncrypts(entities[0]) {
		return nil, errors.New("it has no subkey for encryption, so it can only sign. Give a key with one")
	}
	return &Key{entities[0]}, nil
}

// armorBegins is how an armored text begins, after whatever stands before it.
const armorBegins = "-----BEGIN "

// decode returns the packets of a key.
func decode(text string) ([]byte, error) {
	switch {
	case text == "":
		return nil, errors.New("it is empty. Leave the argument out, or give a public PGP key")
	case strings.HasPrefix(text, "keybase:"):
		return nil, errors.New("keys of Keybase would have to be looked up in the network, which the provider does not do. " +
			"Give the key itself, as https://keybase.io/NAME/pgp_keys.asc has it")
	case strings.Contains(text, armorBegins):
		return unarmor(text)
	}
	binary, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, errors.New("it is neither an armored PGP key (-----BEGIN PGP PUBLIC KEY BLOCK-----) nor one in base64")
	}
	if bytes.Contains(binary, []byte(armorBegins)) {
		return unarmor(string(binary)) // as filebase64 makes it of an armored file
	}
	return binary, nil
}

func unarmor(text string) ([]byte, error) {
	if strings.Contains(text, "PRIVATE KEY") {
		return nil, ErrPrivate
	}
	block, err := armor.Decode(strings.NewReader(text))
	if err != nil {
		return nil, errors.New("its armor cannot be read: it begins as -----BEGIN PGP PUBLIC KEY BLOCK----- does, but does not go on so")
	}
	if block.Type != openpgp.PublicKeyType {
		return nil, fmt.Errorf("it is no %s, but another armored text", openpgp.PublicKeyType)
	}
	binary, err := io.ReadAll(block.Body)
	if err != nil {
		return nil, fmt.Errorf("its armor cannot be read to the end: %w", err)
	}
	return binary, nil
}

// readKeys reads packets that somebody else has written. The library looks at
// members of keys that odd ones lack; such a key is unreadable, and no crash.
func readKeys(binary []byte) (entities openpgp.EntityList, err error) {
	defer recoverAsError(&err)
	entities, err = openpgp.ReadKeyRing(bytes.NewReader(binary))
	for _, entity := range entities {
		entity.EncryptionKey(time.Time{})
	}
	return entities, err
}

func recoverAsError(err *error) {
	if recover() != nil {
		*err = errors.New("a part of it that keys have to have is missing")
	}
}

func holdsPrivate(entity *openpgp.Entity) bool {
	return entity.PrivateKey != nil ||
		slices.ContainsFunc(entity.Subkeys, func(subkey openpgp.Subkey) bool { return subkey.PrivateKey != nil })
}

// everEncrypts tells whether there is a part of the key that is meant to encrypt, and
// can, whenever that may be.
func everEncrypts(entity *openpgp.Entity) bool {
	encrypts := func(key *packet.PublicKey, signature *packet.Signature) bool {
		return signature != nil && signature.FlagsValid && signature.FlagEncryptCommunications && key.PubKeyAlgo.CanEncrypt()
	}
	for _, subkey := range entity.Subkeys {
		if encrypts(subkey.PublicKey, subkey.Sig) {
			return true
		}
	}
	signature, _ := entity.PrimarySelfSignature()
	return encrypts(entity.PrimaryKey, signature)
}

// Fingerprint is that of the primary key, in lower case hexadecimal digits.
func (k *Key) Fingerprint() string { return fmt.Sprintf("%x", k.entity.PrimaryKey.Fingerprint) }

// Check tells why a secret cannot be encrypted for the key at a time, nil when it can.
func (k *Key) Check(now time.Time) error {
	if _, ok := k.entity.EncryptionKey(now); ok {
		return nil
	}
	signature, _ := k.entity.PrimarySelfSignature()
	switch {
	case k.entity.Revoked(now):
		return fmt.Errorf("the PGP key %s is revoked. Give another one", k.Fingerprint())
	case signature != nil && k.entity.PrimaryKey.KeyExpired(signature, now) && k.entity.PrimaryKey.CreationTime.Before(now):
		return fmt.Errorf("the PGP key %s has expired. Give another one, or export it anew after gpg --quick-set-expire", k.Fingerprint())
	}
	return fmt.Errorf("no part of the PGP key %s that encrypts is valid now: each has expired, is revoked or begins later. Give another one, or export it anew", k.Fingerprint())
}

// SameRecipient tells whether two keys are one to whom secrets are encrypted: the
// same primary key with the same parts that encrypt. One may have been exported
// later than the other, with another date of expiry or more names.
func (k *Key) SameRecipient(other *Key) bool {
	return k.Fingerprint() == other.Fingerprint() && k.encrypting() == other.encrypting()
}

// encrypting names the subkeys for encryption, in their order.
func (k *Key) encrypting() string {
	var all strings.Builder
	for _, subkey := range k.entity.Subkeys {
		if subkey.Sig != nil && subkey.Sig.FlagEncryptCommunications {
			fmt.Fprintf(&all, "%x ", subkey.PublicKey.Fingerprint)
		}
	}
	return all.String()
}
