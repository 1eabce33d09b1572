/** Every quota of a cluster. */
import { type Admin, ClientQuotaMatchTypes } from '@platformatic/kafka';

export type QuotaHolder = 'user' | 'client-id' | 'ip';
const holders: readonly QuotaHolder[] = ['user', 'client-id', 'ip'];

export async function allQuotas(admin: Admin): ReturnType<Admin['describeClientQuotas']> {
  const found = await Promise.all(
    holders.map(async (holder) => {
      // The client's types know no addresses; Kafka does.
      const entityType = holder as Exclude<QuotaHolder, 'ip'>;
      return await admin.describeClientQuotas({ components: [{ entityType, matchType: ClientQuotaMatchTypes.ANY }] });
    }),
  );
  return found.flat();
}
