import { maintained as outOfService } from '../lifecycle/preflight/facts-of.ts';
import { actingRegion, type ActingRegion } from './acting-region.ts';

/** lab-c1, on which nothing runs, In maintenance. */
export function maintained(): ActingRegion {
  const world = actingRegion();
  const { answer, nodes } = outOfService();
  world.answer = answer?.(world.answer) ?? world.answer;
  world.nodes = nodes ?? world.nodes;
  return world;
}
