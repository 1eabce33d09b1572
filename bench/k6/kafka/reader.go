package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/grafana/sobek"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Where xk6-kafka waits for ever, a consume() gives what there is after this.
const defaultMaxWait = 10 * time.Second

type readerConfig struct {
	Brokers        []string   `js:"brokers"`
	GroupID        string     `js:"groupId"`
	GroupIDOld     string     `js:"groupID"`
	GroupTopics    []string   `js:"groupTopics"`
	Topic          string     `js:"topic"`
	Partition      int32      `js:"partition"`
	MinBytes       int32      `js:"minBytes"`
	MaxBytes       int32      `js:"maxBytes"`
	MaxWait        int64      `js:"maxWait"`
	GroupBalancers []string   `js:"groupBalancers"`
	CommitInterval int64      `js:"commitInterval"`
	SessionTimeout int64      `js:"sessionTimeout"`
	StartOffset    string     `js:"startOffset"`
	Offset         int64      `js:"offset"`
	IsolationLevel string     `js:"isolationLevel"`
	SASL           saslConfig `js:"sasl"`
	TLS            tlsConfig  `js:"tls"`
}

type consumeConfig struct {
	Limit int `js:"limit"`
	// Fewer records than asked for are no fault.
	ExpectTimeout bool `js:"expectTimeout"`
}

func (m *module) newReader(call sobek.ConstructorCall) *sobek.Object {
	config := configOf[readerConfig](m, call.Arguments, "Reader")
	options, err := config.options()
	if err != nil {
		m.fail(err)
	}
	reader := &reader{module: m, config: config, options: options}
	return m.object(map[string]func(sobek.FunctionCall) sobek.Value{
		"consume": func(call sobek.FunctionCall) sobek.Value {
			if m.vu.State() == nil {
				m.fail(errInitContext)
			}
			return reader.consume(configOf[consumeConfig](m, call.Arguments, "consume"))
		},
		"close": func(sobek.FunctionCall) sobek.Value {
			reader.close()
			return sobek.Undefined()
		},
	})
}

type reader struct {
	module  *module
	config  readerConfig
	options []kgo.Opt
	client  *kgo.Client
	// Fetched and not given to the script yet.
	waiting []*kgo.Record
}

// consume gives up to Limit records; fewer when no more come within MaxWait, which throws unless it is expected.
func (r *reader) consume(config consumeConfig) sobek.Value {
	limit := max(1, config.Limit)
	if r.client == nil {
		client, err := kgo.NewClient(r.options...)
		if err != nil {
			r.module.fail(err)
		}
		r.client = client
	}
	wait := defaultMaxWait
	if r.config.MaxWait > 0 {
		wait = time.Duration(r.config.MaxWait)
	}
	ctx, cancel := context.WithTimeout(r.module.vu.Context(), wait)
	defer cancel()
	var failure error
	for len(r.waiting) < limit && ctx.Err() == nil {
		fetches := r.client.PollRecords(ctx, limit-len(r.waiting))
		fetches.EachError(func(topic string, partition int32, err error) {
			if ctx.Err() == nil {
				failure = fmt.Errorf("%s-%d: %w", topic, partition, err)
			}
		})
		fetches.EachRecord(func(record *kgo.Record) { r.waiting = append(r.waiting, record) })
		r.module.countReads(fetches)
		if failure != nil {
			break
		}
	}
	given := r.waiting[:min(limit, len(r.waiting))]
	r.waiting = r.waiting[len(given):]
	if failure == nil && len(given) < limit && !config.ExpectTimeout {
		failure = fmt.Errorf("%d of %d records came within %s", len(given), limit, wait)
	}
	if failure != nil {
		r.module.countReadError()
		r.module.fail(failure)
	}
	return r.module.messages(given)
}

func (r *reader) close() {
	if r.client == nil {
		return
	}
	r.client.Close()
	r.client = nil
}

func (m *module) messages(records []*kgo.Record) sobek.Value {
	runtime := m.vu.Runtime()
	list := make([]any, len(records))
	for index, record := range records {
		headers := make(map[string]any, len(record.Headers))
		for _, header := range record.Headers {
			headers[header.Key] = m.uint8Array(header.Value)
		}
		fields := map[string]any{
			"topic": record.Topic, "partition": record.Partition, "offset": record.Offset,
			"time": record.Timestamp.UTC().Format(time.RFC3339Nano), "headers": headers,
		}
		if record.Key != nil {
			fields["key"] = m.uint8Array(record.Key)
		}
		if record.Value != nil {
			fields["value"] = m.uint8Array(record.Value)
		}
		list[index] = fields
	}
	return runtime.ToValue(list)
}

func (m *module) uint8Array(bytes []byte) sobek.Value {
	runtime := m.vu.Runtime()
	array, err := runtime.New(runtime.Get("Uint8Array"), runtime.ToValue(runtime.NewArrayBuffer(bytes)))
	if err != nil {
		m.fail(err)
	}
	return array
}

func (c readerConfig) options() ([]kgo.Opt, error) {
	if len(c.Brokers) == 0 {
		return nil, errors.New("brokers: expected at least one HOST:PORT")
	}
	options, err := securityOptions(c.SASL, c.TLS)
	if err != nil {
		return nil, err
	}
	options = append(options, kgo.SeedBrokers(c.Brokers...))
	if c.MinBytes > 0 {
		options = append(options, kgo.FetchMinBytes(c.MinBytes))
	}
	if c.MaxBytes > 0 {
		options = append(options, kgo.FetchMaxBytes(c.MaxBytes))
	}
	if c.IsolationLevel == readCommitted {
		options = append(options, kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	}
	from := kgo.NewOffset().AtStart()
	if c.StartOffset == startAtEnd {
		from = kgo.NewOffset().AtEnd()
	}
	group := c.GroupID + c.GroupIDOld
	if group == "" {
		if c.Topic == "" {
			return nil, errors.New("topic: needed without a groupId")
		}
		if c.Offset > 0 {
			from = kgo.NewOffset().At(c.Offset)
		}
		places := map[string]map[int32]kgo.Offset{c.Topic: {c.Partition: from}}
		return append(options, kgo.ConsumePartitions(places)), nil
	}
	return c.groupOptions(append(options, kgo.ConsumeResetOffset(from)), group)
}

func (c readerConfig) groupOptions(options []kgo.Opt, group string) ([]kgo.Opt, error) {
	topics := c.GroupTopics
	if len(topics) == 0 && c.Topic != "" {
		topics = []string{c.Topic}
	}
	if len(topics) == 0 {
		return nil, errors.New("groupTopics: expected at least one topic")
	}
	options = append(options, kgo.ConsumerGroup(group), kgo.ConsumeTopics(topics...))
	if c.CommitInterval > 0 {
		options = append(options, kgo.AutoCommitInterval(time.Duration(c.CommitInterval)))
	}
	if c.SessionTimeout > 0 {
		options = append(options, kgo.SessionTimeout(time.Duration(c.SessionTimeout)))
	}
	var balancers []kgo.GroupBalancer
	for _, name := range c.GroupBalancers {
		switch name {
		case groupBalancerRange:
			balancers = append(balancers, kgo.RangeBalancer())
		case groupBalancerRoundRobin:
			balancers = append(balancers, kgo.RoundRobinBalancer())
		default:
			return nil, fmt.Errorf("groupBalancers: expected %s or %s, got %q", groupBalancerRange, groupBalancerRoundRobin, name)
		}
	}
	if len(balancers) > 0 {
		options = append(options, kgo.Balancers(balancers...))
	}
	return options, nil
}
