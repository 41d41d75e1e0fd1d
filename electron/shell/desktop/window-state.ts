import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** In the screen's device-independent pixels; x and y may be negative on a display left of or above the first. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Where the window is when it is not maximized. */
  readonly bounds: Rectangle;
  readonly isMaximized: boolean;
}

const normal = { width: 1440, height: 900 };
export const minimumSize = { width: 960, height: 600 };

/** A window that shows less than this of itself on a display cannot be grasped there. */
const graspable = 64;

const between = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, high));

function overlap(one: Rectangle, other: Rectangle): { readonly width: number; readonly height: number } {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return { width: Math.max(0, width), height: Math.max(0, height) };
}

/**
 * Where the window opens: wholly on the display that showed most of it, no larger than that; in the middle of the first
 * display where none shows enough of it any more. `workAreas`: what the displays leave to windows, the primary one first.
 */
export function placeWindow(saved: WindowState | undefined, workAreas: readonly Rectangle[]): WindowState {
  const primary = workAreas[0] ?? { x: 0, y: 0, ...normal };
  const wanted = saved?.bounds;
  const size = { width: wanted?.width ?? normal.width, height: wanted?.height ?? normal.height };
  const shown = workAreas
    .map((area) => ({ area, ...(wanted === undefined ? { width: 0, height: 0 } : overlap(wanted, area)) }))
    .filter(({ width, height }) => width >= graspable && height >= graspable)
    .toSorted((one, other) => other.width * other.height - one.width * one.height)[0];
  const area = shown?.area ?? primary;
  const width = Math.min(Math.max(size.width, minimumSize.width), area.width);
  const height = Math.min(Math.max(size.height, minimumSize.height), area.height);
  const middle = {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
  };
  const corner = shown === undefined || wanted === undefined ? middle : wanted;
  return {
    bounds: {
      x: between(corner.x, area.x, area.x + area.width - width),
      y: between(corner.y, area.y, area.y + area.height - height),
      width,
      height,
    },
    isMaximized: saved?.isMaximized ?? false,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The state in a text that may be anything; `undefined` where it is none. */
export function readWindowState(text: string): WindowState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || !isRecord(value['bounds'])) return undefined;
  const { x, y, width, height } = value['bounds'];
  if (![x, y, width, height].every((number) => Number.isSafeInteger(number))) return undefined;
  const bounds = { x: Number(x), y: Number(y), width: Number(width), height: Number(height) };
  return bounds.width > 0 && bounds.height > 0 ? { bounds, isMaximized: value['isMaximized'] === true } : undefined;
}

export interface WindowStateFile {
  load(): WindowState | undefined;
  save(state: WindowState): void;
}

/** The window's place belongs to this desk, not to what the app knows: a small file, whose loss means nothing. */
export function windowStateFile(file: string): WindowStateFile {
  return {
    load() {
      try {
        return readWindowState(readFileSync(file, 'utf8'));
      } catch {
        return undefined;
      }
    },
    save(state) {
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(`${file}.new`, JSON.stringify(state));
        renameSync(`${file}.new`, file);
      } catch {
        // A full disk is told elsewhere; the window opens in the middle next time.
      }
    },
  };
}
