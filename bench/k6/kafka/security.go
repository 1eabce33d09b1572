package kafka

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

type saslConfig struct {
	Username  string `js:"username" json:"username"`
	Password  string `js:"password" json:"password"`
	Algorithm string `js:"algorithm" json:"algorithm"`
}

type tlsConfig struct {
	EnableTLS             bool   `js:"enableTls" json:"enableTls"`
	InsecureSkipTLSVerify bool   `js:"insecureSkipTlsVerify" json:"insecureSkipTlsVerify"`
	MinVersion            string `js:"minVersion" json:"minVersion"`
	// Paths of PEM files, as in xk6-kafka.
	ClientCertPem string `js:"clientCertPem" json:"clientCertPem"`
	ClientKeyPem  string `js:"clientKeyPem" json:"clientKeyPem"`
	ServerCaPem   string `js:"serverCaPem" json:"serverCaPem"`
}

func securityOptions(login saslConfig, transport tlsConfig) ([]kgo.Opt, error) {
	var options []kgo.Opt
	if transport.EnableTLS || login.Algorithm == "sasl_ssl" {
		config, err := transport.toTLS()
		if err != nil {
			return nil, err
		}
		options = append(options, kgo.DialTLSConfig(config))
	}
	mechanism, err := login.mechanism()
	if err != nil {
		return nil, err
	}
	if mechanism != nil {
		options = append(options, kgo.SASL(mechanism))
	}
	return options, nil
}

func (c saslConfig) mechanism() (sasl.Mechanism, error) {
	login := scram.Auth{User: c.Username, Pass: c.Password}
	switch c.Algorithm {
	case "", "none":
		return nil, nil
	case saslPlain, "sasl_ssl":
		return plain.Auth{User: c.Username, Pass: c.Password}.AsMechanism(), nil
	case saslScram256:
		return login.AsSha256Mechanism(), nil
	case saslScram512:
		return login.AsSha512Mechanism(), nil
	}
	return nil, fmt.Errorf("sasl.algorithm: expected none, %s, %s, %s or sasl_ssl, got %q",
		saslPlain, saslScram256, saslScram512, c.Algorithm)
}

func (c tlsConfig) toTLS() (*tls.Config, error) {
	// Older versions of TLS are not spoken by Kafka 4.
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: c.InsecureSkipTLSVerify} //nolint:gosec // asked for by the script
	if c.MinVersion == "tlsv1.3" {
		config.MinVersion = tls.VersionTLS13
	}
	if c.ServerCaPem != "" {
		text, err := os.ReadFile(c.ServerCaPem)
		if err != nil {
			return nil, fmt.Errorf("tls.serverCaPem: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("tls.serverCaPem: no certificate in %s", c.ServerCaPem)
		}
	}
	if (c.ClientCertPem == "") != (c.ClientKeyPem == "") {
		return nil, errors.New("tls: clientCertPem and clientKeyPem belong together")
	}
	if c.ClientCertPem != "" {
		pair, err := tls.LoadX509KeyPair(c.ClientCertPem, c.ClientKeyPem)
		if err != nil {
			return nil, fmt.Errorf("tls.clientCertPem: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}
