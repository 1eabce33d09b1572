import { describe, expect, it } from 'vitest';
import {
  channelNames,
  eventTypeOf,
  eventTypeOfName,
  groupName,
  isPastTense,
  nameClashes,
  ruleName,
  topicNameFault,
  topicNameRemark,
} from '../../lib/requirements/naming.ts';

describe('the naming rule', () => {
  it.each([
    ['category', 'Category', 'Changed', 'categoryChanged'],
    ['order', 'Payment', 'Approved', 'order-PaymentApproved'],
    ['order', null, 'Approved', 'order-Approved'],
    ['order-item', 'OrderItem', 'Added', 'orderItemAdded'],
    ['order_item', 'ORDER-ITEM', 'Added', 'oRDER-ITEMAdded'],
    ['orders', 'Order', 'Added', 'orders-OrderAdded'],
  ])('%s, %s, %s -> %s', (service, entity, action, name) => {
    expect(ruleName({ service, entity, action })).toBe(name);
  });

  it('names groups, channels and event types', () => {
    expect(groupName('lecture', 'categoryChanged')).toBe('CGR-lecture-categoryChanged');
    expect(channelNames('categoryChanged')).toEqual({ out: 'out-categoryChanged', in: 'in-categoryChanged' });
    expect(eventTypeOf({ service: 'category', entity: 'Category', action: 'Changed' })).toBe('CategoryChanged');
    expect(eventTypeOf({ service: 'order-desk', entity: null, action: 'Opened' })).toBe('OrderDeskOpened');
    expect(eventTypeOfName('order-PaymentApproved')).toBe('OrderPaymentApproved');
  });
});

describe("Kafka's own limits", () => {
  it.each(['a', 'a.b_c-D9', 'x'.repeat(249), '-a', '_x', '...'])('allow %s', (name) => {
    expect(topicNameFault(name)).toBeNull();
  });

  it.each([
    ['', /give the topic a name/],
    ['.', /names of folders/],
    ['..', /names of folders/],
    ['x'.repeat(250), /shorten it, it has 250/],
    ['a b', /only characters/],
    ['a/b', /only characters/],
    ['тopic', /only characters/],
    ['a\n', /only characters/],
    ['\u001b[31m', /only characters/],
    ['__x', /belong to Kafka/],
    ['__consumer_offsets', /belong to Kafka/],
    ['__transaction_state', /belong to Kafka/],
    ['__share_group_state', /belong to Kafka/],
    ['__cluster_metadata', /belong to Kafka/],
  ])('refuse %j', (name, remedy) => {
    expect(topicNameFault(name)?.remedy).toMatch(remedy);
  });

  it('leave room for remarks', () => {
    expect(topicNameRemark('-a')).toMatch(/read as an option/);
    expect(topicNameRemark('x-changelog')).toMatch(/Kafka Streams/);
    expect(topicNameRemark('x-repartition')).toMatch(/Kafka Streams/);
    expect(topicNameRemark('changelog-x')).toBeNull();
  });
});

describe('names side by side', () => {
  it.each([
    [['a', 'b', 'a'], [{ kind: 'duplicate', first: 0, second: 2 }]],
    [['a.b', 'a_b'], [{ kind: 'collision', first: 0, second: 1 }]],
    [['orderSent', 'ordersent'], [{ kind: 'case', first: 0, second: 1 }]],
    [['a', undefined, undefined, 'b'], []],
    [['a-b', 'a_b'], []],
  ])('%j', (names, clashes) => {
    expect(nameClashes(names)).toEqual(clashes);
  });
});

describe('past tense', () => {
  it.each([
    'Changed',
    'Approved',
    'Sent',
    'Paid',
    'PaymentSent',
    'Withdrawn',
    'Rebuilt',
    'Put',
    'CANCELLED',
    'created',
  ])('%s', (action) => {
    expect(isPastTense(action)).toBe(true);
  });

  it.each(['Change', 'Create', 'Send', 'Pay', 'Cancelling', 'SentEvent', 'X'])('not %s', (action) => {
    expect(isPastTense(action)).toBe(false);
  });
});
