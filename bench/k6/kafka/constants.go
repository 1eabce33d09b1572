package kafka

import "time"

// Names and values of xk6-kafka's constants; those of schema types that need a registry are left out.
var constants = map[string]any{
	"NONE":              "none",
	"SASL_PLAIN":        saslPlain,
	"SASL_SCRAM_SHA256": saslScram256,
	"SASL_SCRAM_SHA512": saslScram512,
	"SASL_SSL":          "sasl_ssl",

	"TLS_1_2": "tlsv1.2",
	"TLS_1_3": "tlsv1.3",

	"CODEC_GZIP":   "gzip",
	"CODEC_SNAPPY": "snappy",
	"CODEC_LZ4":    "lz4",
	"CODEC_ZSTD":   "zstd",

	"BALANCER_ROUND_ROBIN": balancerRoundRobin,
	"BALANCER_LEAST_BYTES": balancerLeastBytes,
	"BALANCER_HASH":        balancerHash,
	"BALANCER_CRC32":       balancerCrc32,
	"BALANCER_MURMUR2":     balancerMurmur2,

	"GROUP_BALANCER_RANGE":         groupBalancerRange,
	"GROUP_BALANCER_ROUND_ROBIN":   groupBalancerRoundRobin,
	"GROUP_BALANCER_RACK_AFFINITY": "group_balancer_rack_affinity",

	"ISOLATION_LEVEL_READ_UNCOMMITTED": "isolation_level_read_uncommitted",
	"ISOLATION_LEVEL_READ_COMMITTED":   readCommitted,

	"START_OFFSETS_FIRST_OFFSET": "start_offset_first_offset",
	"START_OFFSETS_LAST_OFFSET":  startAtEnd,

	"SCHEMA_TYPE_STRING": schemaString,
	"SCHEMA_TYPE_BYTES":  schemaBytes,
	"SCHEMA_TYPE_JSON":   schemaJSON,
	"KEY":                "KEY",
	"VALUE":              "VALUE",

	"NANOSECOND":  int64(time.Nanosecond),
	"MICROSECOND": int64(time.Microsecond),
	"MILLISECOND": int64(time.Millisecond),
	"SECOND":      int64(time.Second),
	"MINUTE":      int64(time.Minute),
	"HOUR":        int64(time.Hour),
}

const (
	saslPlain    = "sasl_plain"
	saslScram256 = "sasl_scram_sha256"
	saslScram512 = "sasl_scram_sha512"

	balancerRoundRobin = "balancer_roundrobin"
	balancerLeastBytes = "balancer_leastbytes"
	balancerHash       = "balancer_hash"
	balancerCrc32      = "balancer_crc32"
	balancerMurmur2    = "balancer_murmur2"

	groupBalancerRange      = "group_balancer_range"
	groupBalancerRoundRobin = "group_balancer_round_robin"

	readCommitted = "isolation_level_read_committed"
	startAtEnd    = "start_offset_last_offset"

	schemaString = "STRING"
	schemaBytes  = "BYTES"
	schemaJSON   = "JSON"
)
