import { describe, expect, test } from 'vitest';
import type { EventEnvelope } from '#shared/contract/contract.ts';
import { createSequencer } from '../../../../renderer/api/sequencer.ts';

const event = (sequence: number): EventEnvelope => ({ sequence, name: 'regions.changed', payload: [] });

function watched() {
  const applied: number[] = [];
  let gaps = 0;
  const sequencer = createSequencer(
    ({ sequence }) => applied.push(sequence),
    () => {
      gaps += 1;
      sequencer.snapshotAsked();
    },
  );
  return { sequencer, applied, gaps: () => gaps };
}

describe('createSequencer', () => {
  test('applies events in their order', () => {
    const { sequencer, applied, gaps } = watched();
    for (const sequence of [4, 5, 6]) sequencer.event(event(sequence));
    expect({ applied, gaps: gaps() }).toEqual({ applied: [4, 5, 6], gaps: 0 });
  });

  test('asks for a snapshot when a number is missing, and applies the event that showed it', () => {
    const { sequencer, applied, gaps } = watched();
    sequencer.event(event(1));
    sequencer.event(event(4));
    expect({ applied, gaps: gaps() }).toEqual({ applied: [1, 4], gaps: 1 });
  });

  test('holds events back while a snapshot is on its way, then drops what it includes and applies what follows', () => {
    const { sequencer, applied, gaps } = watched();
    sequencer.snapshotAsked();
    for (const sequence of [7, 8, 9]) sequencer.event(event(sequence));
    expect(applied).toEqual([]);
    sequencer.snapshotApplied(8);
    expect({ applied, gaps: gaps() }).toEqual({ applied: [9], gaps: 0 });
  });

  test('ignores an event that comes a second time', () => {
    const { sequencer, applied } = watched();
    for (const sequence of [1, 2, 2, 1, 3]) sequencer.event(event(sequence));
    expect(applied).toEqual([1, 2, 3]);
  });

  test('waits for the later of two snapshots', () => {
    const { sequencer, applied } = watched();
    sequencer.snapshotAsked();
    sequencer.snapshotAsked();
    sequencer.event(event(5));
    sequencer.snapshotApplied(3);
    expect(applied).toEqual([]);
    sequencer.snapshotApplied(4);
    expect(applied).toEqual([5]);
  });

  test('finds a gap behind a snapshot and asks again', () => {
    const { sequencer, applied, gaps } = watched();
    sequencer.snapshotAsked();
    sequencer.event(event(9));
    sequencer.event(event(10));
    sequencer.snapshotApplied(5);
    expect({ applied: [...applied], gaps: gaps() }).toEqual({ applied: [9], gaps: 1 });
    sequencer.snapshotApplied(9);
    expect(applied).toEqual([9, 10]);
  });

  test('counts anew after the link was lost, because the core may have been started anew', () => {
    const { sequencer, applied, gaps } = watched();
    sequencer.event(event(100));
    sequencer.restart();
    sequencer.event(event(1));
    expect({ applied, gaps: gaps() }).toEqual({ applied: [100, 1], gaps: 0 });
  });

  test('applies what waited when the snapshot does not come', () => {
    const { sequencer, applied } = watched();
    sequencer.event(event(1));
    sequencer.snapshotAsked();
    sequencer.event(event(2));
    sequencer.snapshotFailed();
    expect(applied).toEqual([1, 2]);
  });
});
