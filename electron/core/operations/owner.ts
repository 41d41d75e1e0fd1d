import { hostname, userInfo } from 'node:os';

/** Who asks, as others read it in the cluster: `user on laptop`. */
export function ownerHere(): string {
  const laptop = hostname().split('.')[0];
  return `${userInfo().username} on ${laptop === undefined || laptop === '' ? 'a laptop' : laptop}`;
}
