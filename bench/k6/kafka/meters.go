package kafka

import (
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.k6.io/k6/metrics"
)

// meters are xk6-kafka's metrics, as far as franz-go tells their values: a metric that were always 0 would let every threshold
// pass.
type meters struct {
	writes, writtenMessages, writtenBytes, writeErrors, writeSeconds *metrics.Metric
	readMessages, readBytes, readErrors, readerLag                   *metrics.Metric
}

func registerMeters(registry *metrics.Registry) (*meters, error) {
	m := &meters{}
	for _, each := range []struct {
		place **metrics.Metric
		name  string
		kind  metrics.MetricType
		holds metrics.ValueType
	}{
		{&m.writes, "kafka_writer_write_count", metrics.Counter, metrics.Default},
		{&m.writtenMessages, "kafka_writer_message_count", metrics.Counter, metrics.Default},
		{&m.writtenBytes, "kafka_writer_message_bytes", metrics.Counter, metrics.Data},
		{&m.writeErrors, "kafka_writer_error_count", metrics.Counter, metrics.Default},
		{&m.writeSeconds, "kafka_writer_write_seconds", metrics.Trend, metrics.Time},
		{&m.readMessages, "kafka_reader_message_count", metrics.Counter, metrics.Default},
		{&m.readBytes, "kafka_reader_message_bytes", metrics.Counter, metrics.Data},
		{&m.readErrors, "kafka_reader_error_count", metrics.Counter, metrics.Default},
		{&m.readerLag, "kafka_reader_lag", metrics.Gauge, metrics.Default},
	} {
		metric, err := registry.NewMetric(each.name, each.kind, each.holds)
		if err != nil {
			return nil, err
		}
		*each.place = metric
	}
	return m, nil
}

func (m *module) push(metric *metrics.Metric, topic string, at time.Time, value float64) {
	state := m.vu.State()
	tags := state.Tags.GetCurrentValues().Tags.With("topic", topic)
	metrics.PushIfNotDone(m.vu.Context(), state.Samples, metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags}, Time: at, Value: value,
	})
}

type sum struct{ messages, bytes, errors int }

func (m *module) countWrites(results kgo.ProduceResults, at time.Time, took time.Duration) {
	sums := map[string]*sum{}
	for _, result := range results {
		topic := sums[result.Record.Topic]
		if topic == nil {
			topic = &sum{}
			sums[result.Record.Topic] = topic
		}
		if result.Err != nil {
			topic.errors++
			continue
		}
		topic.messages++
		topic.bytes += len(result.Record.Key) + len(result.Record.Value)
	}
	for name, topic := range sums {
		m.push(m.meters.writes, name, at, 1)
		m.push(m.meters.writtenMessages, name, at, float64(topic.messages))
		m.push(m.meters.writtenBytes, name, at, float64(topic.bytes))
		m.push(m.meters.writeErrors, name, at, float64(topic.errors))
		m.push(m.meters.writeSeconds, name, at, metrics.D(took))
	}
}

func (m *module) countReads(fetches kgo.Fetches) {
	at := time.Now()
	fetches.EachPartition(func(partition kgo.FetchTopicPartition) {
		if len(partition.Records) == 0 {
			return
		}
		bytes := 0
		for _, record := range partition.Records {
			bytes += len(record.Key) + len(record.Value)
		}
		last := partition.Records[len(partition.Records)-1]
		m.push(m.meters.readMessages, partition.Topic, at, float64(len(partition.Records)))
		m.push(m.meters.readBytes, partition.Topic, at, float64(bytes))
		m.push(m.meters.readerLag, partition.Topic, at, float64(max(0, partition.HighWatermark-last.Offset-1)))
	})
}

func (m *module) countReadError() { m.push(m.meters.readErrors, "", time.Now(), 1) }
