package kafka

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Where a run that verifies every record listens, and where in the values of each topic their ids stand.
const (
	eventsFile = 3
	idsSetting = "HEADROOM_K6_IDS"
)

var ledger = newLedger(os.Getenv(idsSetting), func() io.Writer { return os.NewFile(eventsFile, "events") })

type idPlace struct {
	Offset int `json:"offset"`
	Length int `json:"length"`
}

// ledgerWriter tells of every record when it was handed over and what became of it, a line each:
//
//	s TOPIC ID MICROSECONDS
//	a TOPIC ID PARTITION OFFSET MICROSECONDS
//	f TOPIC ID MICROSECONDS REASON
//
// Offset -1: the broker gave none. Microseconds since the epoch. Silent unless it was asked for.
type ledgerWriter struct {
	mutex  sync.Mutex
	places map[string]idPlace
	to     *bufio.Writer
}

func newLedger(setting string, open func() io.Writer) *ledgerWriter {
	l := &ledgerWriter{}
	if setting == "" {
		return l
	}
	if err := json.Unmarshal([]byte(setting), &l.places); err != nil {
		panic(fmt.Sprintf("%s: %v", idsSetting, err))
	}
	l.to = bufio.NewWriter(open())
	return l
}

func (l *ledgerWriter) handedOver(records []*kgo.Record, at time.Time) {
	l.write(func() {
		for _, record := range records {
			if id := l.idOf(record); id != "" {
				fmt.Fprintf(l.to, "s %s %s %d\n", record.Topic, id, at.UnixMicro())
			}
		}
	})
}

// settled tells outcomes; without acknowledgements (acks=0) the offset of a record that was handed over is -1.
func (l *ledgerWriter) settled(results kgo.ProduceResults, at time.Time, isAcknowledged bool) {
	l.write(func() {
		for _, result := range results {
			record := result.Record
			id := l.idOf(record)
			switch {
			case id == "":
			case result.Err != nil:
				fmt.Fprintf(l.to, "f %s %s %d %q\n", record.Topic, id, at.UnixMicro(), result.Err.Error())
			default:
				offset := int64(-1)
				if isAcknowledged {
					offset = record.Offset
				}
				fmt.Fprintf(l.to, "a %s %s %d %d %d\n", record.Topic, id, record.Partition, offset, at.UnixMicro())
			}
		}
	})
}

func (l *ledgerWriter) write(lines func()) {
	if l.to == nil {
		return
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	lines()
	// Whoever listens must not wait for the next record.
	_ = l.to.Flush()
}

func (l *ledgerWriter) idOf(record *kgo.Record) string {
	place, known := l.places[record.Topic]
	if !known || len(record.Value) < place.Offset+place.Length {
		return ""
	}
	return string(record.Value[place.Offset : place.Offset+place.Length])
}
