// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// maxConnections is how many connections are open to one host at a time.
const maxConnections = 10

// NewTransport makes the connection pool that the options ask for, or answers
// the one that they hold. Clients that speak to several hosts make one and put it
// into the options of each. Terraform works on ten objects at a time, so as many
// connections are kept per host, and never more: net/http keeps two, which would make most
// of them reconnect for every request, and dials another whenever all are busy.
func NewTransport(options Options) (http.RoundTripper, error) {
	if options.Transport != nil {
		return options.Transport, nil
	}
	tlsConfig := &tls.Config{MinVersion: tls.VersionTLS12}
	if options.CAFile != "" {
		roots, err := loadRoots(options.CAFile)
		if err != nil {
			return nil, err
		}
		tlsConfig.RootCAs = roots
	}
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  proxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        tlsConfig,
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    maxConnections,
		MaxConnsPerHost:        maxConnections,
		IdleConnTimeout:        90 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}, nil
}

// maxCAFile is the largest CA file that is read, in bytes. The bundles of systems have
// a quarter of a megabyte; a path such as /dev/zero has no end.
const maxCAFile = 8 << 20

func loadRoots(caFile string) (*x509.CertPool, error) {
	pem, err := readCAFile(caFile)
	if err != nil {
		return nil, fmt.Errorf("reading the CA file: %w", err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		// A system without a store of its own still has the file.
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("the CA file %s holds no PEM certificate", caFile)
	}
	return roots, nil
}

func readCAFile(path string) ([]byte, error) {
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	pem, err := io.ReadAll(io.LimitReader(file, maxCAFile+1))
	if err != nil {
		return nil, err
	}
	if len(pem) > maxCAFile {
		return nil, fmt.Errorf("%s is larger than %d bytes", path, maxCAFile)
	}
	return pem, nil
}

var errBadProxy = errors.New("the proxy address in the environment is not valid")

// proxyFromEnvironment is http.ProxyFromEnvironment with an error that does
// not quote the proxy's address, which may hold a password.
func proxyFromEnvironment(r *http.Request) (*url.URL, error) {
	proxy, err := http.ProxyFromEnvironment(r)
	if err != nil {
		return nil, errBadProxy
	}
	return proxy, nil
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
