/**
 * Quorum as votequorum(5) has it, a line each: flags, controls in corosync.conf, controls online, votes, expected, needed; then what a
 * control that is off, removed or joining leaves: `holds`, `lost`, `unknown`, with the votes, the expected and the needed ones. `from`: where the rule stands.
 */
export interface QuorumCase {
  readonly step: 'off' | 'remove' | 'join';
  /** `on`: the node is an online control; `down`: a control that is offline; `worker`: it has no vote. */
  readonly node: 'on' | 'down' | 'worker';
  readonly flags: string;
  readonly controls: number;
  readonly online: number;
  readonly votes: number | null;
  readonly expected: number | null;
  readonly needed: number | null;
  readonly after: string;
  readonly from: string;
}

type Row = readonly [
  QuorumCase['step'],
  QuorumCase['node'],
  string,
  number,
  number,
  number | null,
  number | null,
  number | null,
  string,
  string,
];

const rows: readonly Row[] = [
  // OVERVIEW: quorum is 50 % of the expected votes + 1; a node that is off keeps being expected.
  ['off', 'on', 'Quorate', 1, 1, 1, 1, 1, 'lost 0/1/1', 'OVERVIEW: a majority of the votes'],
  ['off', 'on', 'Quorate', 2, 2, 2, 2, 2, 'lost 1/2/2', 'two_node: without it both have to be alive'],
  ['off', 'on', 'Quorate', 3, 3, 3, 3, 2, 'holds 2/3/2', 'OVERVIEW'],
  ['off', 'on', 'Quorate', 3, 2, 2, 3, 2, 'lost 1/3/2', 'OVERVIEW'],
  ['off', 'down', 'Quorate', 3, 2, 2, 3, 2, 'holds 2/3/2', 'OVERVIEW: it has no vote to take along'],
  ['off', 'on', 'Quorate', 4, 4, 4, 4, 3, 'holds 3/4/3', 'OVERVIEW'],
  ['off', 'on', 'Quorate', 4, 3, 3, 4, 3, 'lost 2/4/3', 'OVERVIEW: half is no majority'],
  ['off', 'on', 'Quorate', 5, 5, 5, 5, 3, 'holds 4/5/3', 'OVERVIEW'],
  ['off', 'on', 'Quorate', 5, 4, 4, 5, 3, 'holds 3/5/3', 'OVERVIEW'],
  ['off', 'on', 'Quorate', 5, 3, 3, 5, 3, 'lost 2/5/3', 'OVERVIEW'],
  ['off', 'on', 'Quorate', 8, 8, 8, 8, 5, 'holds 7/8/5', 'wait_for_all: the example of 8 nodes'],
  ['off', 'on', 'Quorate', 8, 5, 5, 8, 5, 'lost 4/8/5', 'last_man_standing: a 4th of 8 is one too many'],
  ['off', 'worker', 'Quorate', 3, 3, 3, 3, 2, 'holds 3/3/2', 'Workers are no part of corosync'],
  ['off', 'worker', 'Quorate', 3, 2, 2, 3, 2, 'holds 2/3/2', 'Workers are no part of corosync'],
  ['off', 'down', 'Quorate', 3, 2, 3, 3, 2, 'holds 2/3/2', 'Pacemaker stopped, corosync votes: its vote goes too'],
  ['off', 'down', 'Quorate', 2, 1, 2, 2, 2, 'lost 1/2/2', 'Pacemaker stopped, corosync votes: its vote goes too'],
  // two_node: 1
  ['off', 'on', '2Node Quorate WaitForAll', 2, 2, 2, 2, 1, 'holds 1/2/1 waits', 'two_node: quorum is set to 1'],
  ['off', 'down', '2Node Quorate WaitForAll', 2, 1, 1, 2, 1, 'holds 1/2/1 waits', 'two_node'],
  ['off', 'on', '2Node Quorate WaitForAll', 2, 1, 1, 2, 1, 'lost 0/2/1', 'two_node: nobody is left'],
  ['off', 'on', '2Node Quorate', 2, 2, 2, 2, 1, 'holds 1/2/1', 'two_node: wait_for_all may be set to 0'],
  // wait_for_all: 1
  ['off', 'on', 'Quorate WaitForAll', 3, 3, 3, 3, 2, 'holds 2/3/2', 'wait_for_all: only the first time'],
  ['off', 'on', 'Quorate WaitForAll', 8, 8, 8, 8, 5, 'holds 7/8/5', 'wait_for_all'],
  // last_man_standing: 1
  [
    'off',
    'on',
    'Quorate WaitForAll LastManStanding',
    8,
    5,
    5,
    5,
    3,
    'holds 4/5/3',
    'last_man_standing: step 4 of the example',
  ],
  ['off', 'on', 'Quorate WaitForAll LastManStanding', 8, 3, 3, 3, 2, 'holds 2/3/2', 'last_man_standing: step 6'],
  [
    'off',
    'on',
    'Quorate WaitForAll LastManStanding',
    8,
    2,
    2,
    2,
    2,
    'lost 1/2/2',
    'last_man_standing: not from 2 to 1',
  ],
  [
    'off',
    'on',
    'Quorate LastManStanding AutoTieBreaker',
    8,
    2,
    2,
    2,
    2,
    'unknown',
    'last_man_standing with auto_tie_breaker',
  ],
  // auto_tie_breaker: 1
  [
    'off',
    'on',
    'Quorate AutoTieBreaker',
    4,
    3,
    3,
    4,
    3,
    'unknown',
    'auto_tie_breaker: half may go on, which half it names',
  ],
  ['off', 'on', 'Quorate AutoTieBreaker', 2, 2, 2, 2, 2, 'unknown', 'auto_tie_breaker'],
  ['off', 'on', 'Quorate AutoTieBreaker', 4, 4, 4, 4, 3, 'holds 3/4/3', 'auto_tie_breaker: a majority needs none'],
  ['off', 'on', 'Quorate AutoTieBreaker', 5, 3, 3, 5, 3, 'lost 2/5/3', 'auto_tie_breaker: less than half'],
  // A quorum device (corosync-qdevice(8)): ffsplit has one vote, lms one less than there are nodes.
  ['off', 'on', 'Quorate Qdevice', 2, 2, 3, 3, 2, 'holds 2/3/2 device', 'ffsplit: 1 of 2 nodes and the device'],
  ['off', 'on', 'Quorate Qdevice', 4, 4, 5, 5, 3, 'holds 4/5/3', 'ffsplit: 3 nodes are a majority of 5'],
  ['off', 'on', 'Quorate Qdevice', 4, 3, 4, 5, 3, 'holds 3/5/3 device', 'ffsplit: 2 nodes and the device'],
  ['off', 'on', 'Quorate Qdevice', 4, 2, 3, 5, 3, 'lost 2/5/3', 'ffsplit: 1 node and the device'],
  ['off', 'on', 'Quorate Qdevice', 3, 3, 5, 5, 3, 'holds 4/5/3 device', 'lms: 2 nodes and its 2 votes'],
  ['off', 'on', 'Quorate Qdevice', 3, 2, 4, 5, 3, 'holds 3/5/3 device', 'lms: the last node and its 2 votes'],
  // What does not add up, or was not told.
  ['off', 'on', 'Quorate', 3, 3, 5, 5, 3, 'unknown', 'VARIOUS NOTES: quorum_votes of a node'],
  ['off', 'on', 'Quorate', 3, 3, 3, 8, 5, 'unknown', 'OVERVIEW: expected_votes overrides the nodelist'],
  ['off', 'on', '', 3, 3, null, null, null, 'unknown', 'corosync could not be asked'],
  ['off', 'on', '', 3, 1, 1, 3, 2, 'unknown', 'no quorum now: nothing is believed'],
  [
    'off',
    'on',
    'Quorate AllowDownscale',
    5,
    3,
    3,
    4,
    3,
    'lost 2/4/3',
    'allow_downscale: unsupported; the figures stand',
  ],
  // Removing: corosync.conf has one less; two_node comes with two and goes with one (recipe 8).
  ['remove', 'on', 'Quorate', 3, 3, 3, 3, 2, 'holds 2/2/1', 'two_node: 3 to 2 adds it'],
  ['remove', 'down', 'Quorate', 3, 2, 2, 3, 2, 'holds 2/2/1', 'two_node'],
  ['remove', 'on', 'Quorate', 3, 2, 2, 3, 2, 'holds 1/2/1 waits', 'two_node with one of them off'],
  ['remove', 'on', '2Node Quorate WaitForAll', 2, 2, 2, 2, 1, 'holds 1/1/1', '2 to 1: no two_node, 1 expected'],
  ['remove', 'down', '2Node Quorate WaitForAll', 2, 1, 1, 2, 1, 'holds 1/1/1', '2 to 1'],
  ['remove', 'on', 'Quorate', 1, 1, 1, 1, 1, 'lost 0/0/1', 'the last control node'],
  ['remove', 'on', 'Quorate', 4, 4, 4, 4, 3, 'holds 3/3/2', 'OVERVIEW'],
  ['remove', 'down', 'Quorate', 4, 3, 3, 4, 3, 'holds 3/3/2', 'OVERVIEW'],
  ['remove', 'on', 'Quorate', 4, 3, 3, 4, 3, 'holds 2/3/2', 'OVERVIEW'],
  ['remove', 'on', 'Quorate', 5, 3, 3, 5, 3, 'lost 2/4/3', 'OVERVIEW: half of 4'],
  ['remove', 'on', 'Quorate', 6, 4, 4, 6, 4, 'holds 3/5/3', 'OVERVIEW'],
  ['remove', 'on', 'Quorate AutoTieBreaker', 5, 3, 3, 5, 3, 'unknown', 'auto_tie_breaker: half of 4'],
  ['remove', 'on', 'Quorate AutoTieBreaker', 3, 3, 3, 3, 2, 'holds 2/2/2', 'auto_tie_breaker: no two_node beside it'],
  ['remove', 'worker', 'Quorate', 3, 3, 3, 3, 2, 'holds 3/3/2', 'Workers are no part of corosync'],
  ['remove', 'on', 'Quorate Qdevice', 4, 4, 5, 5, 3, 'holds 4/4/3', 'ffsplit: its one vote stays'],
  ['remove', 'on', 'Quorate Qdevice', 4, 3, 4, 5, 3, 'holds 3/4/3 device', 'ffsplit: 2 nodes and the device'],
  ['remove', 'on', 'Quorate Qdevice', 2, 2, 3, 3, 2, 'holds 2/2/2 device', 'ffsplit, or lms: either way it holds'],
  ['remove', 'on', 'Quorate Qdevice', 4, 4, 6, 6, 4, 'unknown', 'a device of 2 votes for 4 nodes is neither'],
  // Joining: expected from the first moment, voting only once it has started.
  ['join', 'on', 'Quorate', 1, 1, 1, 1, 1, 'holds 1/2/1', 'two_node: 1 to 2 adds it'],
  ['join', 'on', '2Node Quorate WaitForAll', 2, 2, 2, 2, 1, 'holds 2/3/2', 'two_node: disabled when more join'],
  ['join', 'on', '2Node Quorate WaitForAll', 2, 1, 1, 2, 1, 'lost 1/3/2', 'two_node: disabled when more join'],
  ['join', 'on', 'Quorate', 3, 3, 3, 3, 2, 'holds 3/4/3', 'OVERVIEW'],
  ['join', 'on', 'Quorate', 3, 2, 2, 3, 2, 'lost 2/4/3', 'OVERVIEW: until the new one votes'],
  ['join', 'on', 'Quorate', 4, 3, 3, 4, 3, 'holds 3/5/3', 'OVERVIEW'],
  ['join', 'on', 'Quorate', 5, 3, 3, 5, 3, 'lost 3/6/4', 'OVERVIEW'],
  ['join', 'on', 'Quorate Qdevice', 2, 2, 3, 3, 2, 'holds 3/4/3 device', 'ffsplit: 2 nodes and the device of 4'],
  ['join', 'on', 'Quorate Qdevice', 4, 4, 7, 7, 4, 'unknown', 'lms: its votes change with the nodes'],
];

export const quorumCases: readonly QuorumCase[] = rows.map(
  ([step, node, flags, controls, online, votes, expected, needed, after, from]) => ({
    step,
    node,
    flags,
    controls,
    online,
    votes,
    expected,
    needed,
    after,
    from,
  }),
);
