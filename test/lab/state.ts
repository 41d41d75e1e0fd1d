/** What a running lab is, as its commands find it again: one small file in the lab's folder. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from './image.ts';
import type { Layout } from './layout.ts';
import { LabError } from './shell.ts';

export type Shape = { readonly controls: number; readonly workers: number; readonly candidates: number };

export type LabState = {
  readonly shape: Shape;
  readonly image: Image;
  /** False while `up` has not come to its end: such a lab is only good to be taken down. */
  readonly isComplete: boolean;
};

const fileOf = (layout: Layout): string => join(layout.folder, 'lab.json');

export function writeState(layout: Layout, state: LabState): void {
  mkdirSync(layout.folder, { recursive: true });
  writeFileSync(fileOf(layout), JSON.stringify(state, undefined, 2));
}

export const findState = (layout: Layout): LabState | undefined =>
  existsSync(fileOf(layout)) ? (JSON.parse(readFileSync(fileOf(layout), 'utf8')) as LabState) : undefined;

export function readState(layout: Layout): LabState {
  const state = findState(layout);
  if (state === undefined) throw new LabError(`Lab ${layout.id} is not up (node test/lab/lab.ts up 3 --workers 1).`);
  return state;
}

export const namesOf = (shape: Shape, letter: 'c' | 'w' | 'x'): readonly string[] =>
  Array.from(
    { length: { c: shape.controls, w: shape.workers, x: shape.candidates }[letter] },
    (_, i) => `${letter}${i + 1}`,
  );

/** The nodes that have a folder, whether they are on or not. */
export function nodeNames(layout: Layout): readonly string[] {
  const folder = join(layout.folder, 'nodes');
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}
