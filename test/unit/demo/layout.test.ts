import { expect, test } from 'vitest';
import { layRegion } from '../../../electron/demo/layout/region.ts';

test('operations that stand at the start have ids that can be asked for: UUIDs in lower case, the same for the same seed', () => {
  const idsOf = (seed: number): readonly string[] =>
    [...layRegion(seed, 24, 0).cib.matchAll(/name="rackside-op-demo-w\d+" value="([^"]*)"/gu)].map(([, value = '']) => {
      const record: unknown = JSON.parse(Buffer.from(value, 'base64').toString());
      return typeof record === 'object' && record !== null && 'id' in record ? String(record.id) : '';
    });
  const ids = idsOf(1);
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u);
  expect(idsOf(1)).toEqual(ids);
});
