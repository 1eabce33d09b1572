package kafka

import (
	"errors"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"sync"
	"time"

	"github.com/grafana/sobek"
	"github.com/twmb/franz-go/pkg/kgo"
)

type writerConfig struct {
	Brokers         []string `js:"brokers" json:"brokers"`
	Topic           string   `js:"topic" json:"topic"`
	AutoCreateTopic bool     `js:"autoCreateTopic" json:"autoCreateTopic"`
	Balancer        string   `js:"balancer" json:"balancer"`
	MaxAttempts     int      `js:"maxAttempts" json:"maxAttempts"`
	BatchBytes      int32    `js:"batchBytes" json:"batchBytes"`
	// How long a batch waits for more records, in nanoseconds.
	BatchTimeout int64 `js:"batchTimeout" json:"batchTimeout"`
	// 0, 1 or -1. Left out: 0, as in xk6-kafka, which asks the broker for nothing.
	RequiredAcks int16      `js:"requiredAcks" json:"requiredAcks"`
	Compression  string     `js:"compression" json:"compression"`
	SASL         saslConfig `js:"sasl" json:"sasl"`
	TLS          tlsConfig  `js:"tls" json:"tls"`

	// Not in xk6-kafka. Writers that differ in Instance alone have connections of their own.
	Instance   int    `js:"instance" json:"instance"`
	Idempotent bool   `js:"idempotent" json:"idempotent"`
	ClientID   string `js:"clientId" json:"clientId"`
	// Nanoseconds after which a record has failed.
	DeliveryTimeout int64 `js:"deliveryTimeout" json:"deliveryTimeout"`
}

type produceConfig struct {
	Messages []message `js:"messages"`
}

type message struct {
	Topic   string         `js:"topic"`
	Key     sobek.Value    `js:"key"`
	Value   sobek.Value    `js:"value"`
	Headers map[string]any `js:"headers"`
	Time    time.Time      `js:"time"`
}

func (m *module) newWriter(call sobek.ConstructorCall) *sobek.Object {
	config := configOf[writerConfig](m, call.Arguments, "Writer")
	// Wrong settings show in the init context; nothing connects before the first record.
	if _, err := config.options(); err != nil {
		m.fail(err)
	}
	var client *kgo.Client
	return m.object(map[string]func(sobek.FunctionCall) sobek.Value{
		"produce": func(call sobek.FunctionCall) sobek.Value {
			if m.vu.State() == nil {
				m.fail(errInitContext)
			}
			if client == nil {
				var err error
				if client, err = clients.take(config, config.options); err != nil {
					m.fail(err)
				}
			}
			m.produce(client, config, configOf[produceConfig](m, call.Arguments, "produce"))
			return sobek.Undefined()
		},
		"close": func(sobek.FunctionCall) sobek.Value {
			if client == nil {
				// In teardown: a virtual user of its own that has sent nothing.
				client, _ = clients.take(config, config.options)
			}
			clients.drop(client)
			client = nil
			return sobek.Undefined()
		},
	})
}

// produce waits for every acknowledgement, and throws when a record has none.
func (m *module) produce(client *kgo.Client, config writerConfig, batch produceConfig) {
	records := make([]*kgo.Record, len(batch.Messages))
	for index, message := range batch.Messages {
		record, err := m.recordOf(config, message)
		if err != nil {
			m.fail(fmt.Errorf("messages[%d]: %w", index, err))
		}
		records[index] = record
	}
	began := time.Now()
	ledger.handedOver(records, began)
	results := m.deliver(client, records)
	ended := time.Now()
	ledger.settled(results, ended, config.RequiredAcks != 0)
	m.countWrites(results, ended, ended.Sub(began))
	if err := results.FirstErr(); err != nil {
		m.fail(fmt.Errorf("records were not acknowledged: %w", err))
	}
}

// deliver hands all records over and waits for their outcomes. Not by ProduceSync, which sends at once what should linger.
func (m *module) deliver(client *kgo.Client, records []*kgo.Record) kgo.ProduceResults {
	results := make(kgo.ProduceResults, len(records))
	var waiting sync.WaitGroup
	waiting.Add(len(records))
	for index, record := range records {
		client.Produce(m.vu.Context(), record, func(record *kgo.Record, err error) {
			results[index] = kgo.ProduceResult{Record: record, Err: err}
			waiting.Done()
		})
	}
	waiting.Wait()
	return results
}

func (m *module) recordOf(config writerConfig, message message) (*kgo.Record, error) {
	record := &kgo.Record{Topic: message.Topic, Timestamp: message.Time}
	if record.Topic == "" {
		record.Topic = config.Topic
	} else if config.Topic != "" {
		return nil, errors.New("the topic is given by the Writer: give it there or with every message")
	}
	var err error
	if record.Key, err = bytesOf(message.Key); err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	if record.Value, err = bytesOf(message.Value); err != nil {
		return nil, fmt.Errorf("value: %w", err)
	}
	for key, value := range message.Headers {
		record.Headers = append(record.Headers, kgo.RecordHeader{Key: key, Value: []byte(fmt.Sprint(value))})
	}
	return record, nil
}

// bytesOf takes text as UTF-8, too, which xk6-kafka leaves to its SchemaRegistry.
func bytesOf(value sobek.Value) ([]byte, error) {
	if value == nil || sobek.IsUndefined(value) || sobek.IsNull(value) {
		return nil, nil
	}
	switch exported := value.Export().(type) {
	case []byte:
		// The script may use its array again while the record is under way.
		return append([]byte{}, exported...), nil
	case sobek.ArrayBuffer:
		return append([]byte{}, exported.Bytes()...), nil
	case string:
		return []byte(exported), nil
	default:
		return nil, fmt.Errorf("expected bytes or text, got %T", exported)
	}
}

func (c writerConfig) options() ([]kgo.Opt, error) {
	if len(c.Brokers) == 0 {
		return nil, errors.New("brokers: expected at least one HOST:PORT")
	}
	options, err := securityOptions(c.SASL, c.TLS)
	if err != nil {
		return nil, err
	}
	acks, known := map[int16]kgo.Acks{0: kgo.NoAck(), 1: kgo.LeaderAck(), -1: kgo.AllISRAcks()}[c.RequiredAcks]
	if !known {
		return nil, fmt.Errorf("requiredAcks: expected 0, 1 or -1, got %d", c.RequiredAcks)
	}
	partitioner, err := partitionerOf(c.Balancer)
	if err != nil {
		return nil, err
	}
	codec, err := codecOf(c.Compression)
	if err != nil {
		return nil, err
	}
	options = append(options, kgo.SeedBrokers(c.Brokers...), kgo.RequiredAcks(acks), kgo.RecordPartitioner(partitioner),
		kgo.ProducerBatchCompression(codec), kgo.ProducerLinger(time.Duration(c.BatchTimeout)))
	if c.Idempotent && c.RequiredAcks != -1 {
		return nil, fmt.Errorf("idempotent: needs requiredAcks -1, got %d", c.RequiredAcks)
	}
	if !c.Idempotent {
		options = append(options, kgo.DisableIdempotentWrite(), kgo.MaxProduceRequestsInflightPerBroker(5))
	}
	if c.AutoCreateTopic {
		options = append(options, kgo.AllowAutoTopicCreation())
	}
	if c.MaxAttempts > 0 {
		options = append(options, kgo.RecordRetries(c.MaxAttempts))
	}
	if c.BatchBytes > 0 {
		options = append(options, kgo.ProducerBatchMaxBytes(c.BatchBytes))
	}
	if c.DeliveryTimeout > 0 {
		options = append(options, kgo.RecordDeliveryTimeout(time.Duration(c.DeliveryTimeout)))
	}
	if c.ClientID != "" {
		options = append(options, kgo.ClientID(c.ClientID))
	}
	return options, nil
}

func codecOf(compression string) (kgo.CompressionCodec, error) {
	codecs := map[string]kgo.CompressionCodec{
		"": kgo.NoCompression(), "none": kgo.NoCompression(), "gzip": kgo.GzipCompression(),
		"snappy": kgo.SnappyCompression(), "lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}
	codec, known := codecs[compression]
	if !known {
		return codec, fmt.Errorf("compression: expected gzip, snappy, lz4 or zstd, got %q", compression)
	}
	return codec, nil
}

// partitionerOf maps keys as the balancers of xk6-kafka do. Left out: by murmur2, as the Java client.
func partitionerOf(balancer string) (kgo.Partitioner, error) {
	switch balancer {
	case "", balancerMurmur2:
		return kgo.StickyKeyPartitioner(nil), nil
	case balancerRoundRobin:
		return kgo.RoundRobinPartitioner(), nil
	case balancerLeastBytes:
		return kgo.LeastBackupPartitioner(), nil
	case balancerHash:
		return kgo.StickyKeyPartitioner(kgo.SaramaCompatHasher(func(key []byte) uint32 {
			hash := fnv.New32a()
			_, _ = hash.Write(key)
			return hash.Sum32()
		})), nil
	case balancerCrc32:
		return kgo.StickyKeyPartitioner(func(key []byte, partitions int) int {
			return int(crc32.ChecksumIEEE(key) % uint32(partitions)) //nolint:gosec // a topic has fewer partitions than 2^31
		}), nil
	}
	return nil, fmt.Errorf("balancer: expected one of the constants BALANCER_*, got %q", balancer)
}
