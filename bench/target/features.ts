/**
 * Feature levels the cluster has agreed on, such as `metadata.version` or `eligible.leader.replicas.version`: they decide
 * what a broker promises. They travel as tagged fields of the ApiVersions answer, which the client's own parser skips.
 * Source of the layout: Kafka protocol, ApiVersionsResponse version 3, tag 2 (finalizedFeatures).
 */
import { type Admin, createAPI, type Reader, Writer } from '@platformatic/kafka';

const apiVersionsKey = 18;
const finalizedFeaturesTag = 2;

type Features = Readonly<Record<string, number>>;

const readFeatures = createAPI<[], Features>(
  apiVersionsKey,
  3,
  () => Writer.create().appendString('headroom').appendString('0').appendTaggedFields(),
  (_correlationId, _apiKey, _apiVersion, reader) => parseFinalizedFeatures(reader),
  true,
  false,
);

/** Feature -> finalized level, from one broker. Empty when the cluster tells none. */
export async function readFeatureLevels(admin: Admin): Promise<Features> {
  const [connection] = (await admin.connectToBrokers()).values();
  if (connection === undefined) return {};
  return await readFeatures.async(connection);
}

/** Walks an ApiVersions v3 response body up to its tagged fields. */
export function parseFinalizedFeatures(reader: Reader): Features {
  reader.readInt16();
  reader.readArray((entry) => [entry.readInt16(), entry.readInt16(), entry.readInt16()]);
  reader.readInt32();
  const features: Record<string, number> = {};
  for (let left = reader.readUnsignedVarInt(); left > 0; left -= 1) {
    const tag = reader.readUnsignedVarInt();
    const size = reader.readUnsignedVarInt();
    if (tag !== finalizedFeaturesTag) {
      reader.skip(size);
      continue;
    }
    reader.readArray((entry) => {
      const name = entry.readString();
      features[name] = entry.readInt16();
      entry.readInt16();
    });
  }
  return features;
}
