import { RegionInfo } from 'aws-cdk-lib/region-info';
import { expect, it } from 'vitest';
import { awsRegions, regionFault } from '../../lib/requirements/regions.ts';

it('are those that the CDK in use knows', () => {
  expect(awsRegions).toEqual(RegionInfo.regions.map(({ name }) => name));
});

it.each([
  ['us-east-1', null],
  ['us-esat-1', 'did you mean "us-east-1"?'],
  ['somewhere', 'write its code, such as us-east-1'],
])('%s', (region, fault) => {
  expect(regionFault(region)).toBe(fault);
});
